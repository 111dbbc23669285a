package press

import "sync"

// Cache keeps shaped words between documents, so that the second class prints faster than the first. It is bounded,
// safe for concurrent use, and never holds a span marked Personal.
type Cache struct {
	words generations[wordKey, *word]
}

// NewCache makes a cache that holds at most about so many bytes.
func NewCache(bytes int) *Cache {
	return &Cache{words: generations[wordKey, *word]{limit: bytes}}
}

// generations is a bounded map that forgets what was not asked for during the last half of its limit.
type generations[K comparable, V any] struct {
	mu         sync.RWMutex
	young, old map[K]V
	size       int // of young
	limit      int // of both
}

func (g *generations[K, V]) get(k K) (V, bool) {
	g.mu.RLock()
	v, ok := g.young[k]
	var stale bool
	if !ok {
		v, stale = g.old[k]
	}
	g.mu.RUnlock()
	return v, ok || stale
}

// put keeps v for k unless another goroutine was first; it answers with the one that is kept.
func (g *generations[K, V]) put(k K, v V, size int) V {
	g.mu.Lock()
	defer g.mu.Unlock()
	if have, ok := g.young[k]; ok {
		return have
	}
	if have, ok := g.old[k]; ok {
		v = have
	}
	if g.young == nil || g.size+size > g.limit/2 {
		g.old, g.young, g.size = g.young, map[K]V{}, 0
	}
	g.young[k] = v
	g.size += size
	return v
}
