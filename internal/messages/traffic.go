package messages

import (
	"sync"

	"brug/internal/contact"
)

// traffic counts the batches that are on their way, by the roads on which they have letters. A road on which there are enough is
// closed to more, and the others go on: a mail server that takes a letter every two seconds, as many do, keeps no SMS waiting.
type traffic struct {
	mu   sync.Mutex
	by   map[contact.Road]int
	left chan struct{} // something came back since it was last looked
}

// wholeBatch stands for the batches themselves among the roads, for some letters need none.
const wholeBatch contact.Road = ""

// batchesAtOnce is how many batches there are at most: each road that has a carrier has as many as it takes.
const batchesAtOnce = 3 * claims

func newTraffic() *traffic {
	return &traffic{by: map[contact.Road]int{}, left: make(chan struct{}, 1)}
}

// enter counts a batch with its roads.
func (t *traffic) enter(roads map[contact.Road][]*trip) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.by[wholeBatch]++
	for r := range roads {
		t.by[r]++
	}
}

// leave: a batch is done with one road, or as a whole.
func (t *traffic) leave(by contact.Road) {
	t.mu.Lock()
	t.by[by]--
	t.mu.Unlock()
	select {
	case t.left <- struct{}{}:
	default:
	}
}

// closed are the roads that take no more just now.
func (t *traffic) closed() (roads []contact.Road) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for r, n := range t.by {
		if r != wholeBatch && n >= claims {
			roads = append(roads, r)
		}
	}
	return roads
}

func (t *traffic) batches() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.by[wholeBatch]
}

// byRoad sorts letters by the roads on which they go now; ready are those that need none, for it is known what becomes of them.
func byRoad(batch []*trip) (roads map[contact.Road][]*trip, ready []*trip) {
	roads = map[contact.Road][]*trip{}
	for _, c := range batch {
		if c.fate.State != "" {
			ready = append(ready, c)
			continue
		}
		roads[c.fate.Road] = append(roads[c.fate.Road], c)
	}
	return roads, ready
}
