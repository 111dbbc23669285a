//go:build unix

package messages

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// createHeld makes a file that this process holds until it closes it, or ends however it ends. It gets its name when it is
// held, so that nobody takes it for one that was left behind.
func createHeld(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// takeOver takes a file whose process is gone; left is false when it lives, or when somebody else was first.
func takeOver(path string) (release func() error, left bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil, false, f.Close()
	}
	if _, err := os.Stat(path); err != nil { // whoever had it until now has done the work
		return nil, false, f.Close()
	}
	return f.Close, true, nil
}
