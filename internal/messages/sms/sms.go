// Package sms sends letters as SMS through whatever gateway a school has: one of Twilio's shape, or any that takes an HTTP
// request, described by a template.
//
// Package messages gives it parcels (road.Carrier); the hooks of messagesweb let it read what a gateway tells. It owns no tables. No number and no word of a letter gets into an error or a log.
package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"brug/internal/messages/gateway"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"
	"brug/internal/plain"
)

// Config describes the gateway. The zero Config has none: letters are diverted.
type Config struct {
	// URL is twilio://SID:TOKEN@api.twilio.com?from=%2B32… (from is a number or the SID of a messaging service), or the address
	// of any gateway, with placeholders: https://sms.example/send?to={to}. template.go says which there are.
	URL    string
	From   string   // {from}: a number or a name of at most eleven letters
	Header []string // "Authorization: Bearer …"; {key} and {from} work here too
	Body   string   // JSON, XML or a form, by its Content-Type or its first sign; "": a GET without one
	Ref    string   // where the answer has the gateway's own number for the SMS, as messages.0.id, or body; "": the usual places

	// What comes in is called at BaseURL/hooks/sms/SECRET/in and …/receipts. "": nothing comes in.
	Secret string
	Fields map[string]string // names of the gateway's fields, where they are not the usual ones: from, text, id, status
	// Hooks is the address of these hooks without "/in": a Twilio is told of …/receipts with each SMS. Package app makes it.
	Hooks string

	Client *http.Client // nil: an ordinary one
	Now    func() time.Time
}

// Gateway sends SMS. It is made once and used by many goroutines.
type Gateway struct {
	client  *http.Client
	request func(ctx context.Context, m message) (*http.Request, error)
	answer  func(status int, body []byte) road.Result // what an answer says that is no matter of the line
	token   string                                    // Twilio's, to know its hooks by; ""
	secret  string
	fields  map[string]string
	now     func() time.Time
}

// message is one SMS.
type message struct{ to, from, text, key string }

// atOnce is how many requests run at the same time; gateways limit how many they take a second, and say so with 429.
const atOnce = 4

// patience is how long one request may take.
const patience = 20 * time.Second

// minSecret is the fewest signs of a secret in an address that anybody can call.
const minSecret = 16

// New makes the gateway of a Config; nil for the zero Config. The error names the flag of brug serve and says what is wrong with it,
// without the secrets in it.
func New(c Config) (*Gateway, error) {
	if c.URL == "" {
		if c.Body != "" || c.From != "" || c.Ref != "" || c.Secret != "" || len(c.Header) > 0 || len(c.Fields) > 0 {
			return nil, errors.New("--sms-url: the gateway's address is missing, and other flags tell of a gateway")
		}
		return nil, nil
	}
	g := &Gateway{client: c.Client, secret: c.Secret, fields: c.Fields, now: c.Now}
	if g.client == nil {
		g.client = gateway.Client(patience, nil)
	}
	if g.now == nil {
		g.now = time.Now
	}
	g.client = gateway.Strict(g.client)
	for name := range c.Fields {
		if _, known := usual[name]; !known {
			return nil, fmt.Errorf("--sms-fields: %q is no field of a hook: there are from, text, id and status", name)
		}
	}
	if c.Secret != "" && !pathSecret.MatchString(c.Secret) {
		return nil, fmt.Errorf("--sms-secret: the secret of the hooks has %d signs or more, letters, digits, - and _ only", minSecret)
	}
	if strings.HasPrefix(c.URL, "twilio:") {
		return g, g.twilio(c)
	}
	return g, g.template(c)
}

var pathSecret = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9_-]{%d,128}$`, minSecret))

// number is what a parcel may be addressed to: E.164.
var number = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Carry sends each parcel as one SMS of as many parts as it takes. One whose connection breaks before the answer is tried again
// with the same key, which a template can hand on: a gateway that knows it sends no SMS twice.
func (g *Gateway) Carry(ctx context.Context, parcels []road.Parcel, done func(i int, r road.Result)) {
	next := make(chan int)
	var all sync.WaitGroup
	for range min(atOnce, len(parcels)) {
		all.Go(func() {
			for i := range next {
				r := g.send(ctx, message{to: parcels[i].To, text: letter.SMS(parcels[i].Letters), key: parcels[i].Key})
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

// Send sends one text past the letters: the code of the second step. to is E.164.
func (g *Gateway) Send(ctx context.Context, to, text, key string) road.Result {
	return g.send(ctx, message{to: to, text: text, key: key})
}

func (g *Gateway) send(ctx context.Context, m message) road.Result {
	r := g.deliver(ctx, m)
	if r.Taken && r.Parts == 0 {
		r.Parts = plain.Count(m.text).Segments
	}
	return r
}

func (g *Gateway) deliver(ctx context.Context, m message) road.Result {
	switch {
	case !number.MatchString(m.to):
		return road.Result{Problem: "this is no telephone number", Final: true, Address: true}
	case m.text == "":
		return road.Result{Problem: "there is nothing to say", Final: true}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := g.request(ctx, m)
	if err != nil {
		return road.Result{Problem: "the gateway's request cannot be made", Final: true} // the error repeats the number
	}
	status, header, body, err := gateway.Do(g.client, req)
	switch {
	case err != nil && status/100 == 2:
		return road.Result{Taken: true} // it said yes, and then broke off
	case err != nil:
		return road.Result{Problem: "the gateway: " + err.Error()}
	}
	problem := fmt.Sprintf("the gateway answered %d", status)
	switch {
	case status == http.StatusTooManyRequests:
		return road.Result{Problem: problem, Wait: gateway.RetryAfter(header, g.now(), time.Minute)}
	case status == http.StatusUnauthorized, status == http.StatusPaymentRequired, status == http.StatusProxyAuthRequired:
		// Wrong for everybody until a person sees to it: no reason to put thousands of families onto their next road.
		return road.Result{Problem: problem, Wait: 10 * time.Minute}
	case status == http.StatusRequestTimeout, status >= 500, status/100 == 3:
		return road.Result{Problem: problem, Wait: gateway.RetryAfter(header, g.now(), 0)}
	}
	return g.answer(status, body)
}
