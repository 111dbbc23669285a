package apptest

import (
	"sync"
	"time"
)

// clock stands where it was set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// set to the zero time does nothing: the demo says so when the past is made, and here the clock never runs.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !t.IsZero() {
		c.at = t
	}
}
