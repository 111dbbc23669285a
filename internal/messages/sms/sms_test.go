package sms

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/messages/letter"
	"brug/internal/messages/road"
	"brug/internal/plain"

	"github.com/google/go-cmp/cmp"
)

// seen is a request as a gateway got it.
type seen struct {
	Method, Path, Query, Kind, Auth, Body string
	User                                  string
}

// station is a gateway that answers with what the test says.
type station struct {
	*httptest.Server
	mu     sync.Mutex
	got    []seen
	answer func(w http.ResponseWriter, n int)
}

func newStation(t *testing.T, answer func(w http.ResponseWriter, n int)) *station {
	s := &station{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		user, password, _ := r.BasicAuth()
		s.mu.Lock()
		s.got = append(s.got, seen{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), string(body), user + " " + password})
		n := len(s.got)
		s.mu.Unlock()
		s.answer(w, n)
	}))
	t.Cleanup(s.Close)
	return s
}

func says(status int, body string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func mustOpen(t *testing.T, c Config) *Gateway {
	t.Helper()
	g, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// nasty is a text with every sign that means something somewhere.
const nasty = "Dag \"Ümit\" & co: 5 < 6?\n{key} 100% = a+b; \\ <x> مرحبا"

func TestATemplateSaysTheSameWhereverTheTextStands(t *testing.T) {
	cases := []struct {
		name  string
		c     Config
		words func(t *testing.T, s seen) string
	}{
		{"in the address", Config{URL: "/send?to={number}&msg={text}&id={key}"}, func(t *testing.T, s seen) string {
			q, err := url.ParseQuery(s.Query)
			if err != nil || s.Method != "GET" || q.Get("to") != "32470123456" || q.Get("id") != "abc" || len(q) != 3 {
				t.Errorf("%v %+v", err, s)
			}
			return q.Get("msg")
		}},
		{"in the path", Config{URL: "/send/{to}/{text}"}, func(t *testing.T, s seen) string {
			parts := strings.Split(s.Path, "/")
			if len(parts) != 4 {
				t.Fatalf("%+v", s)
			}
			text, err := url.PathUnescape(parts[3])
			if err != nil {
				t.Error(err)
			}
			return text
		}},
		{"in a form", Config{URL: "/send", From: "De Wilg", Body: "to={to}&from={from}&text={text}"}, func(t *testing.T, s seen) string {
			q, err := url.ParseQuery(s.Body)
			if err != nil || s.Method != "POST" || q.Get("to") != "+32470123456" || q.Get("from") != "De Wilg" || len(q) != 3 || s.Kind != "application/x-www-form-urlencoded" {
				t.Errorf("%v %+v", err, s)
			}
			return q.Get("text")
		}},
		{"in JSON", Config{URL: "/send", Header: []string{"Authorization: Bearer geheim"}, Body: `{"messages":[{"to":"{to}","text":"{text}"}]}`}, func(t *testing.T, s seen) string {
			var v struct{ Messages []struct{ To, Text string } }
			if err := json.Unmarshal([]byte(s.Body), &v); err != nil || len(v.Messages) != 1 || v.Messages[0].To != "+32470123456" || s.Kind != "application/json" || s.Auth != "Bearer geheim" {
				t.Fatalf("%v %+v", err, s)
			}
			return v.Messages[0].Text
		}},
		{"in XML", Config{URL: "/send", Body: `<sms to="{to}"><text>{text}</text></sms>`}, func(t *testing.T, s seen) string {
			text, _, _ := strings.Cut(strings.SplitAfter(s.Body, "<text>")[1], "</text>")
			if strings.ContainsAny(text, "<>\"") {
				t.Errorf("not escaped: %s", text)
			}
			return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#xA;", "\n").Replace(text)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, says(200, `{"id":"77"}`))
			c.c.URL = s.URL + c.c.URL
			r := mustOpen(t, c.c).Send(t.Context(), "+32470123456", nasty, "abc")
			if diff := cmp.Diff(road.Result{Taken: true, Ref: "77", Parts: plain.Count(nasty).Segments}, r); diff != "" {
				t.Error(diff)
			}
			if got := c.words(t, s.got[0]); got != nasty {
				t.Errorf("came as %q", got)
			}
		})
	}
}

func TestWhatAGatewayAnswers(t *testing.T) {
	cases := []struct {
		name   string
		answer func(http.ResponseWriter, int)
		ref    string
		want   road.Result
	}{
		{"taken, with its number in a list", says(200, `{"messages":[{"messageId":"m-1"}]}`), "", road.Result{Taken: true, Ref: "m-1", Parts: 1}},
		{"taken, with its number where the template says", says(201, `{"x":{"nr":[1,42]}}`), "x.nr.1", road.Result{Taken: true, Ref: "42", Parts: 1}},
		{"taken, and the number is all it says", says(200, "ID-9\n"), "body", road.Result{Taken: true, Ref: "ID-9", Parts: 1}},
		{"taken, without a number", says(204, ""), "", road.Result{Taken: true, Parts: 1}},
		{"a yes that is none: no number where one was promised", says(200, `{"error":"no credit"}`), "id", road.Result{Problem: "the gateway's answer has no number of its own", Final: true}},
		{"no", says(400, "+32470123456 is unknown"), "", road.Result{Problem: "the gateway answered 400", Final: true}},
		{"the key is wrong: wait for a person", says(401, ""), "", road.Result{Problem: "the gateway answered 401", Wait: 10 * time.Minute}},
		{"we may not: wait for a person", says(403, ""), "", road.Result{Problem: "the gateway answered 403", Wait: 10 * time.Minute}},
		{"its address is wrong: wait for a person", says(404, ""), "", road.Result{Problem: "the gateway answered 404", Wait: 10 * time.Minute}},
		{"a number that it does not take", says(422, ""), "", road.Result{Problem: "the gateway answered 422", Final: true}},
		{"the credit is used up", says(402, ""), "", road.Result{Problem: "the gateway answered 402", Wait: 10 * time.Minute}},
		{"too many, in half a minute again", func(w http.ResponseWriter, _ int) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(429)
		}, "", road.Result{Problem: "the gateway answered 429", Wait: 30 * time.Second}},
		{"broken for now", says(503, ""), "", road.Result{Problem: "the gateway answered 503"}},
		{"sends us on: we do not follow", func(w http.ResponseWriter, _ int) {
			w.Header().Set("Location", "https://elsewhere.example/")
			w.WriteHeader(302)
		}, "", road.Result{Problem: "the gateway answered 302"}},
		{"an answer without end", func(w http.ResponseWriter, _ int) {
			w.WriteHeader(500)
			fmt.Fprint(w, strings.Repeat("x", 2<<20))
		}, "", road.Result{Problem: "the gateway: the answer is cut off or too long"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, c.answer)
			g := mustOpen(t, Config{URL: s.URL + "?to={to}&t={text}", Ref: c.ref})
			if diff := cmp.Diff(c.want, g.Send(t.Context(), "+32470123456", "Dag", "k")); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		s := newStation(t, says(200, ""))
		s.Close()
		g := mustOpen(t, Config{URL: s.URL + "?to={to}&t={text}"})
		want := road.Result{Problem: "the gateway: cannot be reached"}
		if diff := cmp.Diff(want, g.Send(t.Context(), "+32470123456", "Dag", "k")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("no number", func(t *testing.T) {
		s := newStation(t, says(200, ""))
		g := mustOpen(t, Config{URL: s.URL + "?to={to}&t={text}"})
		if r := g.Send(t.Context(), "0470&to=+32470999999", "Dag", "k"); !r.Final || !r.Address || len(s.got) != 0 {
			t.Errorf("%+v, and %d requests", r, len(s.got))
		}
	})
}

func TestTwilio(t *testing.T) {
	cases := []struct {
		name   string
		answer func(http.ResponseWriter, int)
		want   road.Result
	}{
		{"taken, in three parts", says(201, `{"sid":"SM123","num_segments":"3","status":"queued","code":null}`), road.Result{Taken: true, Ref: "SM123", Parts: 3}},
		{"no such number", says(400, `{"code":21211,"message":"The 'To' number +32470123456 is not valid","status":400}`), road.Result{Problem: "the gateway answered 400 code 21211", Final: true, Address: true}},
		{"said stop to the gateway", says(400, `{"code":21610}`), road.Result{Problem: "the gateway answered 400 code 21610", Final: true, Address: true}},
		{"too long", says(400, `{"code":21617}`), road.Result{Problem: "the gateway answered 400 code 21617", Final: true}},
		{"our sender is wrong: everybody waits", says(400, `{"code":21606}`), road.Result{Problem: "the gateway answered 400 code 21606", Wait: 10 * time.Minute}},
		{"our token is wrong", says(401, `{"code":20003}`), road.Result{Problem: "the gateway answered 401", Wait: 10 * time.Minute}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, c.answer)
			g := mustOpen(t, Config{URL: strings.Replace(s.URL, "http://", "twilio://AC1:geheim@", 1) + "?tls=none&from=%2B32460000000", Secret: "0123456789abcdef", Hooks: "https://brug.example/hooks/sms/0123456789abcdef"})
			if diff := cmp.Diff(c.want, g.Send(t.Context(), "+32470123456", "Dag", "k")); diff != "" {
				t.Error(diff)
			}
			form, err := url.ParseQuery(s.got[0].Body)
			want := url.Values{"To": {"+32470123456"}, "From": {"+32460000000"}, "Body": {"Dag"}, "StatusCallback": {"https://brug.example/hooks/sms/0123456789abcdef/receipts"}}
			if diff := cmp.Diff(want, form); err != nil || diff != "" {
				t.Error(err, diff)
			}
			if s.got[0].Path != "/2010-04-01/Accounts/AC1/Messages.json" || s.got[0].User != "AC1 geheim" {
				t.Errorf("%+v", s.got[0])
			}
		})
	}
}

func TestAParcelIsOneSMSWithItsWordsAndItsLink(t *testing.T) {
	s := newStation(t, says(200, `{"id":"1"}`))
	g := mustOpen(t, Config{URL: s.URL, Body: "to={to}&text={text}&key={key}"})
	var parcels []road.Parcel
	for i := range 9 {
		parcels = append(parcels, road.Parcel{Key: fmt.Sprint("k", i), To: fmt.Sprint("+3247012345", i), Letters: []*letter.Letter{aLetter("Morgen gaan we zwemmen.")}})
	}
	var mu sync.Mutex
	told := map[int]road.Result{}
	g.Carry(t.Context(), parcels, func(i int, r road.Result) {
		mu.Lock()
		defer mu.Unlock()
		if _, twice := told[i]; twice {
			t.Errorf("%d was told twice", i)
		}
		told[i] = r
	})
	if len(told) != 9 || len(s.got) != 9 {
		t.Fatalf("%d results, %d requests", len(told), len(s.got))
	}
	for _, r := range s.got {
		form, err := url.ParseQuery(r.Body)
		if err != nil || !strings.Contains(form.Get("text"), "https://brug.example/m/TOKEN") || form.Get("to")[11:] != form.Get("key")[1:] {
			t.Errorf("%v %v", err, form)
		}
	}
}

func TestAParcelThatWasNotSentIsNotTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newStation(t, func(w http.ResponseWriter, n int) {
		cancel()
		w.WriteHeader(503)
	})
	g := mustOpen(t, Config{URL: s.URL + "?to={to}&t={text}"})
	parcels := make([]road.Parcel, 20)
	for i := range parcels {
		parcels[i] = road.Parcel{Key: "k", To: "+32470123456", Letters: []*letter.Letter{aLetter("Dag")}}
	}
	g.Carry(ctx, parcels, func(i int, r road.Result) { t.Errorf("%d was told: %+v", i, r) })
}

func TestSettingsThatCannotBeUsedAreNamedWithoutTheirSecrets(t *testing.T) {
	cases := []struct {
		name string
		c    Config
		says string
	}{
		{"a body and no address", Config{Body: "{to}{text}"}, "address is missing"},
		{"in the clear over the internet", Config{URL: "http://sms.example/geheim?to={to}&t={text}"}, "https://"},
		{"a placeholder that there is not", Config{URL: "https://sms.example/?to={to}&t={text}&x={geheime_x}"}, "{geheime_x}"},
		{"nowhere for the text", Config{URL: "https://sms.example/geheim?to={to}"}, "{text}"},
		{"a host out of a letter", Config{URL: "https://{text}.example/?to={to}"}, "host"},
		{"a sender is asked for", Config{URL: "https://sms.example/geheim?to={to}&t={text}&f={from}"}, "{from}"},
		{"a header without a name", Config{URL: "https://sms.example/?to={to}&t={text}", Header: []string{"Bearer geheim"}}, "header"},
		{"JSON without quotes", Config{URL: "https://sms.example/", Body: `{"to":{to},"text":"{text}","k":"geheim"}`}, "JSON"},
		{"twilio without a token", Config{URL: "twilio://geheim@api.twilio.com?from=%2B3246"}, "SID:TOKEN"},
		{"twilio without a sender", Config{URL: "twilio://AC1:geheim@api.twilio.com"}, "sender"},
		{"twilio in the clear", Config{URL: "twilio://AC1:geheim@api.twilio.com?from=x&tls=none"}, "https://"},
		{"a secret that can be guessed", Config{URL: "https://sms.example/?to={to}&t={text}", Secret: "geheim"}, "16 signs"},
		{"a field that no hook has", Config{URL: "https://sms.example/?to={to}&t={text}", Fields: map[string]string{"words": "t"}}, "words"},
	}
	for _, c := range cases {
		_, err := New(c.c)
		switch {
		case err == nil:
			t.Errorf("%s: was taken", c.name)
		case !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: %v", c.name, err)
		case strings.Contains(strings.ReplaceAll(err.Error(), "{geheime_x}", ""), "geheim"):
			t.Errorf("%s: the error tells the secret: %v", c.name, err)
		}
	}
	if g, err := New(Config{}); g != nil || err != nil {
		t.Errorf("nothing configured gives %v, %v", g, err)
	}
}

func TestWhatAPartCosts(t *testing.T) {
	for in, want := range map[string]int{"": 0, "0.08": 80, "0,0749": 75, "1": 1000, "0.0001": 1} {
		if got, err := ParseCost(in); got != want || err != nil {
			t.Errorf("%q: %d %v", in, got, err)
		}
	}
	for _, in := range []string{"free", "-1", "8 cent", "0.08 EUR"} {
		if _, err := ParseCost(in); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}
