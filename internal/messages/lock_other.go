//go:build !unix

package messages

import "os"

// createHeld makes a file that this process holds as long as it has it open.
func createHeld(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
}

// takeOver takes a file whose process is gone: where files are not locked as on Unix, one that is open cannot be renamed.
func takeOver(path string) (release func() error, left bool, err error) {
	aside := path + ".x"
	if os.Rename(path, aside) != nil {
		return nil, false, nil
	}
	return func() error { return nil }, true, os.Rename(aside, path)
}
