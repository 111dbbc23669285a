package sms

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const hookSecret = "0123456789abcdef"

func hooked(t *testing.T, c Config) *Gateway {
	t.Helper()
	if c.URL == "" {
		c.URL = "https://sms.example/?to={to}&t={text}"
	}
	c.Secret = hookSecret
	c.Now = func() time.Time { return time.Date(2026, 11, 3, 9, 4, 0, 0, time.UTC) }
	return mustOpen(t, c)
}

func call(method, target, kind, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

const formKind, jsonKind = "application/x-www-form-urlencoded", "application/json; charset=utf-8"

func TestAnSMSComesInHoweverTheGatewayTellsIt(t *testing.T) {
	one := []Incoming{{From: "+32470123456", Text: "Dank u & tot morgen"}}
	cases := []struct {
		name, method, target, kind, body string
		fields                           map[string]string
		want                             []Incoming
	}{
		{"by GET, with a plus that reads as a space", "GET", "/?from=+32470123456&text=Dank+u+%26+tot+morgen&messageId=7", "", "", nil, one},
		{"by GET, without a plus", "GET", "/?msisdn=32470123456&text=Dank+u+%26+tot+morgen", "", "", nil, one},
		{"a form as Twilio sends", "POST", "/", formKind, "From=%2B32470123456&Body=Dank+u+%26+tot+morgen&MessageSid=SM1", nil, one},
		{"JSON, flat", "POST", "/", jsonKind, `{"originator":32470123456,"body":"Dank u & tot morgen","id":"x"}`, nil, one},
		{"JSON, a list within", "POST", "/", jsonKind, `{"results":[{"from":"0032470123456","text":"Dank u & tot morgen","messageId":"a"}],"messageCount":1}`, nil, one},
		{"a national number", "POST", "/", formKind, "sender=0470123456&message=Dank+u+%26+tot+morgen", nil, one},
		{"names of its own", "POST", "/", formKind, "Tel=%2B32470123456&Wat=Dank+u+%26+tot+morgen&from=x", map[string]string{"from": "Tel", "text": "Wat"}, one},
		{"two in one call", "POST", "/", jsonKind, `{"messages":[{"from":"32470123456","content":"een"},{"from":"32470123457","content":"twee"}]}`, nil,
			[]Incoming{{From: "+32470123456", Text: "een"}, {From: "+32470123457", Text: "twee"}}},
		{"from a name: nobody to answer", "POST", "/", formKind, "from=Proximus&text=Win", nil, nil},
		{"from a short number", "POST", "/", formKind, "from=8811&text=Win", nil, nil},
		{"no words", "POST", "/", formKind, "from=%2B32470123456&text=", nil, nil},
		{"bytes that are no text", "POST", "/", formKind, "from=%2B32470123456&text=a%FF%00b", nil, []Incoming{{From: "+32470123456", Text: "ab"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := hooked(t, Config{Fields: c.fields}).Open(call(c.method, c.target, c.kind, c.body), hookSecret, "", []byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			in := got.Incoming()
			if diff := cmp.Diff(c.want, in, cmpopts.IgnoreFields(Incoming{}, "Key")); diff != "" {
				t.Error(diff)
			}
			for _, each := range in {
				if len(each.Key) != 64 {
					t.Errorf("key %q", each.Key)
				}
			}
		})
	}
}

func TestTheSameSMSHasTheSameKey(t *testing.T) {
	key := func(body string) string {
		c, err := hooked(t, Config{}).Open(call("POST", "/", formKind, body), hookSecret, "", []byte(body))
		if err != nil || len(c.Incoming()) != 1 {
			t.Fatalf("%v %v", err, c)
		}
		return c.Incoming()[0].Key
	}
	again := key("from=%2B32470123456&text=Ja&id=1")
	if key("id=1&text=Ja&from=32470123456") != again {
		t.Error("told again it is another one")
	}
	if key("from=%2B32470123456&text=Ja&id=2") == again {
		t.Error("two that are numbered apart are one")
	}
	if key("from=%2B32470123456&text=Ja") != key("from=%2B32470123456&text=Ja") || key("from=%2B32470123456&text=Ja") == key("from=%2B32470123457&text=Ja") {
		t.Error("without a number of the gateway the words do not tell")
	}
}

func TestReceipts(t *testing.T) {
	cases := []struct {
		name, kind, body string
		twilio           bool
		want             []Receipt
	}{
		{"on its way", formKind, "MessageSid=SM1&MessageStatus=sent", false, nil},
		{"arrived", formKind, "MessageSid=SM1&MessageStatus=delivered", false, []Receipt{{Ref: "SM1", State: Arrived}}},
		{"arrived, in the words of SMPP", formKind, "id=9&status=DELIVRD", false, []Receipt{{Ref: "9", State: Arrived}}},
		{"not arrived", formKind, "id=9&status=EXPIRED&err-code=27", false, []Receipt{{Ref: "9", State: Failed, Problem: "the gateway says expired 27"}}},
		{"twilio: a landline", formKind, "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006", true, []Receipt{{Ref: "SM1", State: Failed, Problem: "the gateway says undelivered 30006", Address: true}}},
		{"twilio: switched off", formKind, "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003", true, []Receipt{{Ref: "SM1", State: Failed, Problem: "the gateway says undelivered 30003"}}},
		{"two in JSON, with the state within", jsonKind, `{"results":[{"messageId":"a","status":{"groupName":"DELIVERED","name":"DELIVERED_TO_HANDSET","id":5}},{"messageId":"b","status":{"groupName":"UNDELIVERABLE","id":4}}]}`, false,
			[]Receipt{{Ref: "a", State: Arrived}, {Ref: "b", State: Failed, Problem: "the gateway says undeliverable"}}},
		{"about nothing", formKind, "status=delivered", false, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cfg := Config{}
			r := call("POST", "/hooks", c.kind, c.body)
			const address = "https://brug.example/hooks"
			if c.twilio {
				cfg.URL = "twilio://AC1:geheim@api.twilio.com?from=x"
				r.Header.Set("X-Twilio-Signature", sign("geheim", address, c.body))
			}
			got, err := hooked(t, cfg).Open(r, hookSecret, address, []byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Receipts()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// sign is written apart from Signed, after Twilio's description.
func sign(token, address, body string) string {
	form, err := url.ParseQuery(body)
	if err != nil {
		panic(err)
	}
	var names []string
	for n := range form {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		address += n + form.Get(n)
	}
	h := hmac.New(sha1.New, []byte(token))
	h.Write([]byte(address))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// The example of Twilio's own description of its signature (https://www.twilio.com/docs/usage/security).
func TestTheSignatureOfTwiliosExample(t *testing.T) {
	g := &Gateway{token: "12345"}
	form := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}}
	const address = "https://mycompany.com/myapp.php?foo=1&bar=2"
	want := sign("12345", address, form.Encode())
	if !g.Signed(address, want, form, nil) {
		t.Error("not known")
	}
	form.Set("Digits", "1235")
	if g.Signed(address, want, form, nil) {
		t.Error("a changed form is taken")
	}
}

func TestOnlyOurGatewayIsHeard(t *testing.T) {
	body := "From=%2B32470123456&Body=Dag&MessageSid=SM1"
	const address = "https://brug.example/hooks/sms/x/in"
	cases := []struct {
		name, url, secret, signature string
		ok                           bool
	}{
		{"with the secret", "", hookSecret, "", true},
		{"with another secret", "", "0123456789abcdeF", "", false},
		{"without a secret", "", "", "", false},
		{"twilio, signed", "twilio://AC1:geheim@api.twilio.com?from=x", hookSecret, sign("geheim", address, body), true},
		{"twilio, not signed", "twilio://AC1:geheim@api.twilio.com?from=x", hookSecret, "", false},
		{"twilio, signed by somebody else", "twilio://AC1:geheim@api.twilio.com?from=x", hookSecret, sign("anders", address, body), false},
		{"twilio, signed for another address", "twilio://AC1:geheim@api.twilio.com?from=x", hookSecret, sign("geheim", address+"x", body), false},
	}
	for _, c := range cases {
		r := call("POST", "/", formKind, body)
		r.Header.Set("X-Twilio-Signature", c.signature)
		_, err := hooked(t, Config{URL: c.url}).Open(r, c.secret, address, []byte(body))
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	var none *Gateway
	if _, err := none.Open(call("POST", "/", formKind, body), "", address, []byte(body)); err == nil {
		t.Error("without a gateway a hook was heard")
	}
	open := mustOpen(t, Config{URL: "https://sms.example/?to={to}&t={text}"})
	if _, err := open.Open(call("POST", "/", formKind, body), "", address, []byte(body)); err == nil {
		t.Error("without a secret a hook was heard")
	}
}

func FuzzHook(f *testing.F) {
	f.Add(jsonKind, `{"results":[{"from":"32470123456","text":"a","status":{"name":"x"}}]}`)
	f.Add(jsonKind, `[[[[[[[[[{"id":1}]]]]]]]]]`)
	f.Add(formKind, "from=1&text=%00")
	f.Fuzz(func(t *testing.T, kind, body string) {
		g := &Gateway{secret: hookSecret, now: time.Now}
		r := call("POST", "/", kind, body)
		c, err := g.Open(r, hookSecret, "", []byte(body))
		if err != nil {
			return
		}
		for _, in := range c.Incoming() {
			if !number.MatchString(in.From) || in.Text == "" || strings.Contains(in.Text, "\x00") || len([]rune(in.Text)) > maxText {
				t.Errorf("%+v", in)
			}
		}
		for _, r := range c.Receipts() {
			if r.Ref == "" || r.State == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}
