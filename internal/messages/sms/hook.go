package sms

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/id"
	"brug/internal/roster"
	"brug/internal/secret"
)

// Incoming is an SMS that somebody sent us.
type Incoming struct {
	From string // E.164
	Text string
	Key  string // hash of what the gateway numbered it with, else of what it says and when
}

// State is what a receipt tells.
type State string

// The states. Whatever else gateways tell (queued, on its way) is left out.
const (
	Arrived State = "arrived"
	Failed  State = "failed"
)

// Receipt is what became of an SMS of ours.
type Receipt struct {
	Ref     string // as in road.Result
	State   State
	Problem string // "the gateway says undelivered 30005"; ""
	Address bool   // the number itself is wrong
}

// usual are the names that gateways give their fields: in lower case, without - and _, the most telling first.
var usual = map[string][]string{
	"from":   {"from", "msisdn", "sender", "originator", "source", "fromnumber", "phonenumber", "phone", "mobile"},
	"text":   {"text", "body", "message", "content", "messagebody", "payload"},
	"id":     {"messagesid", "smssid", "smsmessagesid", "messageid", "msgid", "smsid", "sid", "id", "reference"},
	"status": {"messagestatus", "smsstatus", "deliverystatus", "groupname", "dlrstatus", "dlr", "status", "state"},
}

// What the words for a state mean, in lower case.
var (
	arrivedWords = []string{"delivered", "delivrd", "read", "delivered_to_handset"}
	failedWords  = []string{"undelivered", "undeliverable", "undeliv", "failed", "rejected", "rejectd", "expired", "deleted", "delivery_failed", "not_delivered", "notdelivered"}
	unknownWords = []string{"unknown_subscriber", "absent_subscriber_permanently", "invalid_destination", "invalidmsisdn", "unknown subscriber", "invalid number"}
)

// maxText is how much of an SMS is read, in characters: ten parts are more than any telephone sends.
const maxText = 2000

// ErrHook is a call of a hook that is none: wrong secret, wrong signature, not readable.
var ErrHook = errors.New("sms: no call of our gateway")

// Open checks who calls a hook, and reads what was sent. secretInPath is what stands in the address; address is the whole of it
// as the outside sees it, for the signature. body is what was sent.
func (g *Gateway) Open(r *http.Request, secretInPath, address string, body []byte) (Call, error) {
	if g == nil || g.secret == "" || !secret.Same(g.secret, secretInPath) {
		return Call{}, ErrHook
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	var events []map[string]string
	var form url.Values
	switch {
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			return Call{}, ErrHook
		}
		events = eventsOf(v, nil, 0)
	case r.Method == http.MethodPost:
		if form, err = url.ParseQuery(string(body)); err != nil {
			return Call{}, ErrHook
		}
	}
	if g.token != "" && !g.Signed(address, r.Header.Get("X-Twilio-Signature"), form, body) {
		return Call{}, ErrHook
	}
	if events == nil {
		all := map[string]string{}
		for _, from := range []url.Values{r.URL.Query(), form} {
			for name, v := range from {
				all[plainName(name)] = v[0]
			}
		}
		events = []map[string]string{all}
	}
	return Call{g, events}, nil
}

// Call is a call of a hook, from our gateway.
type Call struct {
	g      *Gateway
	events []map[string]string
}

// maxEvents is how many SMS one call may tell of, and maxDeep how deep they may lie.
const maxEvents, maxDeep = 1000, 6

// eventsOf finds the SMS in a JSON value: each object of a list is one of its own, with what stands around the list.
func eventsOf(v any, around map[string]string, deep int) []map[string]string {
	switch x := v.(type) {
	case []any:
		var out []map[string]string
		for _, each := range x {
			if len(out) < maxEvents {
				out = append(out, eventsOf(each, around, deep+1)...)
			}
		}
		return out
	case map[string]any:
		if deep > maxDeep {
			return nil
		}
		own := maps.Clone(around)
		if own == nil {
			own = map[string]string{}
		}
		leaves(x, own, deep)
		for _, name := range slices.Sorted(maps.Keys(x)) {
			if list, is := x[name].([]any); is && len(list) > 0 {
				if _, objects := list[0].(map[string]any); objects {
					return eventsOf(list, own, deep+1)
				}
			}
		}
		return []map[string]string{own}
	}
	return nil
}

// leaves collects texts and numbers by their names; what stands higher wins over what stands deeper.
func leaves(x map[string]any, into map[string]string, deep int) {
	inner := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(x)) {
		switch v := x[name].(type) {
		case string:
			into[plainName(name)] = v
		case json.Number:
			into[plainName(name)] = v.String()
		case map[string]any:
			if deep < maxDeep {
				leaves(v, inner, deep+1)
			}
		}
	}
	for name, v := range inner {
		if _, has := into[name]; !has {
			into[name] = v
		}
	}
}

func plainName(s string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s))
}

// field is a value by what it means.
func (c Call) field(e map[string]string, what string) string {
	if own := c.g.fields[what]; own != "" {
		return e[plainName(own)]
	}
	for _, name := range usual[what] {
		if v := e[name]; v != "" {
			return v
		}
	}
	return ""
}

// Incoming are the SMS that came in. What has no number that can be answered (a name, a short number) is left out.
func (c Call) Incoming() []Incoming {
	var out []Incoming
	for _, e := range c.events {
		from, ok := sender(c.field(e, "from"))
		text := strings.TrimSpace(strings.ToValidUTF8(c.field(e, "text"), ""))
		text = strings.ReplaceAll(text, "\x00", "")
		if !ok || text == "" {
			continue
		}
		if utf8.RuneCountInString(text) > maxText {
			text = string([]rune(text)[:maxText])
		}
		key := c.field(e, "id")
		if key == "" {
			// A gateway that numbers nothing calls again within minutes when it got no answer.
			key = from + "\x00" + text + "\x00" + strconv.FormatInt(c.g.now().UTC().Truncate(10*time.Minute).Unix(), 10)
		}
		out = append(out, Incoming{From: from, Text: text, Key: id.Hash("sms\x00" + key)})
	}
	return out
}

// sender brings a number as gateways write it into E.164: with plus, with 00, with a country and nothing before it, or as
// people write it within the country.
func sender(s string) (string, bool) {
	s = strings.TrimSpace(s) // a plus that was not escaped arrives as a space
	digits := strings.TrimPrefix(s, "+")
	if rest, international := strings.CutPrefix(digits, "00"); international {
		digits = rest
	} else if strings.HasPrefix(digits, "0") {
		return roster.ParsePhone(digits)
	}
	e164 := "+" + digits
	return e164, len(digits) > 8 && number.MatchString(e164)
}

// Receipts are what became of SMS of ours.
func (c Call) Receipts() []Receipt {
	var out []Receipt
	for _, e := range c.events {
		ref, ok := short(strings.TrimSpace(c.field(e, "id")))
		word := strings.ToLower(strings.TrimSpace(c.field(e, "status")))
		if !ok || word == "" {
			continue
		}
		r := Receipt{Ref: ref}
		switch {
		case slices.Contains(arrivedWords, word):
			r.State = Arrived
		case slices.Contains(unknownWords, word):
			r.State, r.Address = Failed, true
		case slices.Contains(failedWords, word):
			r.State = Failed
		default:
			continue
		}
		if r.State == Failed {
			r.Problem = "the gateway says " + word
			if code, ok := short(firstOf(e, "errorcode", "errcode")); ok && code != "0" {
				r.Problem += " " + code
				r.Address = r.Address || c.g.token != "" && twilioProblem(code)
			}
		}
		out = append(out, r)
	}
	return out
}

func firstOf(e map[string]string, names ...string) string {
	for _, n := range names {
		if v := e[n]; v != "" {
			return v
		}
	}
	return ""
}
