// Package push puts a sign on the phone of a guardian who asked for it: that there is news from school, and nothing else. Who
// writes what about which child stands on the personal page only.
//
// Package messages gives it parcels (road.Carrier); the personal page asks for the public key, and has what a browser gave
// checked (Parse). Table: push_subscriptions, of which it only ends rows.
package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/messages/gateway"
	"brug/internal/messages/road"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// Config is what signs are sent with.
type Config struct {
	Keys    Keys
	Contact string // whom a push service may write when something goes wrong: a mail address, or an https address
	DB      *db.DB
	Client  *http.Client // nil: one that connects to the internet only, never to our own network
	Now     func() time.Time
	Log     *slog.Logger
}

// Pusher sends signs. It is made once and used by many goroutines.
type Pusher struct{ Config }

// atOnce is how many requests run at the same time, and patience how long one may take.
const (
	atOnce   = 8
	patience = 15 * time.Second
)

// How long a push service keeps a sign for a phone that is off: what is urgent is old after a day, the rest is on the page anyway.
const (
	keepUrgent = 24 * time.Hour
	keep       = 3 * 24 * time.Hour
)

// New makes the pusher. Contact is asked for by RFC 8292, and Apple's service refuses signs without one.
func New(c Config) (*Pusher, error) {
	if c.Keys.Public == "" {
		return nil, errors.New("push: there are no keys")
	}
	c.Contact = strings.TrimPrefix(c.Contact, "mailto:")
	if !strings.HasPrefix(c.Contact, "https://") && !strings.Contains(c.Contact, "@") {
		return nil, errors.New("--push-contact: push services want to know whom to write: a mail address, or a base URL with https")
	}
	if c.Client == nil {
		c.Client = gateway.Client(patience, gateway.Public)
	}
	c.Client = gateway.Strict(c.Client)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Pusher{c}, nil
}

// sign is what the phone gets: words that are the same for everybody who reads the language.
type sign struct {
	Title string `json:"title"`
	Lang  string `json:"lang"`
	Dir   string `json:"dir"`
}

// Payload is what a phone gets in a language (BCP 47): the same for everybody who reads it.
func Payload(tag string) []byte {
	l := lang.For(tag)
	b, err := json.Marshal(sign{l.T("There is news from school."), l.Tag(), l.Dir()})
	if err != nil {
		panic(err) // strings are always JSON
	}
	return b
}

// Carry sends one sign for each parcel. To is a subscription as JSON, or a list of them: a person's phone and tablet.
func (p *Pusher) Carry(ctx context.Context, parcels []road.Parcel, done func(i int, r road.Result)) {
	next := make(chan int)
	var all sync.WaitGroup
	for range min(atOnce, len(parcels)) {
		all.Go(func() {
			for i := range next {
				r := p.send(ctx, parcels[i])
				if r.Taken || ctx.Err() == nil {
					done(i, r)
				}
			}
		})
	}
	for i := range parcels {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	all.Wait()
}

// send tries all subscriptions of a parcel: it is taken when one of them took it. Only when all have ended, the address is wrong.
func (p *Pusher) send(ctx context.Context, parcel road.Parcel) road.Result {
	subscriptions := split(parcel.To)
	if len(subscriptions) == 0 || len(parcel.Letters) == 0 {
		return road.Result{Problem: "this is no subscription", Final: true, Address: true}
	}
	head := parcel.Letters[0]
	options := webpush.Options{HTTPClient: p.Client, Subscriber: p.Contact, TTL: int(keep.Seconds()), Urgency: webpush.UrgencyNormal,
		Topic:          "news", // a phone that was off for a week shows one sign, not seven
		VAPIDPublicKey: p.Keys.Public, VAPIDPrivateKey: p.Keys.private}
	if head.Urgent {
		options.TTL, options.Urgency = int(keepUrgent.Seconds()), webpush.UrgencyHigh
	}
	best := road.Result{Problem: "the subscription has ended", Final: true, Address: true}
	for _, text := range subscriptions {
		r := p.one(ctx, text, Payload(head.Lang), options)
		switch {
		case r.Taken:
			best = r
		case best.Taken || r.Address:
		case best.Address || best.Final && !r.Final: // what may yet work is worth more than what never will
			best = r
		}
	}
	return best
}

// split reads a subscription, or a list of some.
func split(to string) []string {
	var list []json.RawMessage
	if json.Unmarshal([]byte(to), &list) != nil {
		return []string{to}
	}
	out := make([]string, len(list))
	for i, each := range list {
		out[i] = string(each)
	}
	return out
}

func (p *Pusher) one(ctx context.Context, text string, payload []byte, options webpush.Options) road.Result {
	s, err := Parse(text)
	if err != nil {
		return road.Result{Problem: "this is no subscription", Final: true, Address: true}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	res, err := webpush.SendNotificationWithContext(ctx, payload, &webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{P256dh: s.P256dh, Auth: s.Auth}}, &options)
	if err != nil {
		return road.Result{Problem: "the push service cannot be reached"} // the error repeats the address
	}
	if err := res.Body.Close(); err != nil {
		p.Log.Debug("push", "err", "the answer did not end well")
	}
	problem := fmt.Sprintf("the push service answered %d", res.StatusCode)
	switch status := res.StatusCode; {
	case status/100 == 2:
		return road.Result{Taken: true}
	case status == http.StatusNotFound || status == http.StatusGone:
		if err := p.end(context.WithoutCancel(ctx), s.Endpoint); err != nil {
			p.Log.Error("push: a subscription that ended was not written down", "err", err)
		}
		return road.Result{Problem: problem, Final: true, Address: true}
	case status == http.StatusTooManyRequests, status >= 500, status == http.StatusRequestTimeout, status/100 == 3:
		return road.Result{Problem: problem, Wait: gateway.RetryAfter(res.Header, p.Now(), 0)}
	}
	return road.Result{Problem: problem, Final: true} // 400, 403: made with other keys; 413: too long
}

// end notes that a subscription has ended: the page may ask for a new one.
func (p *Pusher) end(ctx context.Context, endpoint string) error {
	return p.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.EndPush(ctx, q.EndPushParams{EndpointHash: id.Hash(endpoint), EndedAt: p.Now().UnixMilli()})
		return err
	})
}
