// Command serve runs a PostgreSQL for tests: it prints the address to give as BRUG_TEST_POSTGRES, and serves until its
// standard input ends or it is told to stop. bin/test runs it, so that all packages share one server.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"brug/internal/db/dbtest"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "dbtest:", err)
		os.Exit(1)
	}
}

func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := dbtest.StartServer(ctx)
	if err != nil {
		return err
	}
	fmt.Println(s.URL)
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin) //nolint:errcheck // any end is the end
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	return s.Stop()
}
