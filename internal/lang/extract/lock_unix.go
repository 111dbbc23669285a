//go:build unix

package main

import (
	"os"
	"syscall"
)

// lock keeps two runs from writing the catalogues at once; the second waits.
func lock(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	return func() { f.Close() }, nil // closing lets go
}
