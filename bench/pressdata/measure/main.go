// Command measure runs a command and prints, as one line of shell assignments, what it cost: wall and CPU seconds of
// it and of all its descendants, and the most memory (PSS) that they held together. It takes in orphans, so that the
// processes of a browser are counted to the last.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: measure COMMAND ARGUMENT...")
		os.Exit(2)
	}
	const becomeSubreaper = 36 // PR_SET_CHILD_SUBREAPER
	if _, _, e := syscall.Syscall6(syscall.SYS_PRCTL, becomeSubreaper, 1, 0, 0, 0, 0); e != 0 {
		fmt.Fprintln(os.Stderr, "prctl:", e)
		os.Exit(1)
	}
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	stop, peak := make(chan bool), make(chan int)
	go func() {
		most := 0
		for {
			most = max(most, memory(os.Getpid()))
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(25 * time.Millisecond):
			}
		}
	}()
	err := cmd.Wait()
	wall := time.Since(start)
	for { // what the command left behind
		var s syscall.WaitStatus
		if _, e := syscall.Wait4(-1, &s, 0, nil); e == syscall.ECHILD {
			break
		}
	}
	stop <- true
	most := <-peak
	var u syscall.Rusage
	if e := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); e != nil {
		fmt.Fprintln(os.Stderr, e)
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	// The largest single process is known exactly; a short one may slip through the samples.
	most = max(most, int(u.Maxrss))
	fmt.Printf("wall=%.3f cpu=%.3f peak=%d\n", wall.Seconds(), seconds(u.Utime)+seconds(u.Stime), most>>10)
}

// memory is the PSS of all descendants in KB.
func memory(root int) (sum int) {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, f := range stats {
		raw, err := os.ReadFile(f)
		if err != nil {
			continue // gone
		}
		s := string(raw)
		if k := strings.LastIndexByte(s, ')'); k > 0 {
			if fields := strings.Fields(s[k+1:]); len(fields) > 1 {
				pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
				parent, _ := strconv.Atoi(fields[1])
				children[parent] = append(children[parent], pid)
			}
		}
	}
	todo := append([]int(nil), children[root]...)
	for len(todo) > 0 {
		pid := todo[0]
		todo = append(todo[1:], children[pid]...)
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(raw), "\n") {
			if strings.HasPrefix(line, "Pss:") {
				kb, _ := strconv.Atoi(strings.Fields(line)[1])
				sum += kb
			}
		}
	}
	return sum
}
