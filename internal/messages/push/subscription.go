package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// Subscription is what a browser gives to a page that may send it signs.
type Subscription struct {
	Endpoint string // https address of the browser maker's push service; a secret
	P256dh   string // base64url without padding
	Auth     string // base64url without padding
}

// JSON is the subscription as the browser wrote it, and as a parcel is addressed.
func (s Subscription) JSON() string {
	b, err := json.Marshal(webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{P256dh: s.P256dh, Auth: s.Auth}})
	if err != nil {
		panic(err) // strings are always JSON
	}
	return string(b)
}

// errSubscription is something that no browser gave.
var errSubscription = errors.New("push: this is no subscription")

// longest address of a push service, in bytes; the longest seen have about 500.
const longest = 2048

// Parse reads what a browser gave. The page that takes subscriptions calls it too: an address that is none of a push service
// (our own network, a number, another port) is refused.
func Parse(text string) (Subscription, error) {
	var s struct {
		Endpoint string
		Keys     struct{ P256dh, Auth string }
	}
	if len(text) > 2*longest || json.Unmarshal([]byte(text), &s) != nil {
		return Subscription{}, errSubscription
	}
	out := Subscription{s.Endpoint, plainKey(s.Keys.P256dh), plainKey(s.Keys.Auth)}
	point, err := base64.RawURLEncoding.DecodeString(out.P256dh)
	if err != nil {
		return Subscription{}, errSubscription
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return Subscription{}, errSubscription
	}
	if auth, err := base64.RawURLEncoding.DecodeString(out.Auth); err != nil || len(auth) != 16 {
		return Subscription{}, errSubscription
	}
	u, err := url.Parse(s.Endpoint)
	if err != nil || len(s.Endpoint) > longest || u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" ||
		!strings.Contains(u.Hostname(), ".") || net.ParseIP(u.Hostname()) != nil {
		return Subscription{}, errSubscription
	}
	return out, nil
}

// plainKey brings the kinds of base64 that browsers write into one.
func plainKey(s string) string {
	return strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
}
