package app_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brug/internal/app"
	"brug/internal/contact"
	"brug/internal/db/dbtest"
	"brug/internal/messages/inbound"
	"brug/internal/messages/sms"
	"brug/internal/messages/translator"

	"github.com/emersion/go-smtp"
)

// TestTheRoadsThatAreConfiguredAreThere: the whole program with a gateway, signs, a translator and a listener, by what each of them
// does; and without any of them nothing of it.
func TestTheRoadsThatAreConfiguredAreThere(t *testing.T) {
	sent := make(chan url.Values, 1)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		sent <- r.Form
		io.WriteString(w, `{"id":"1"}`) //nolint:errcheck // a test's gateway
	}))
	defer gateway.Close()
	const secret = "0123456789abcdef"
	socket := filepath.Join(t.TempDir(), "lmtp.sock")
	a, err := app.Open(t.Context(), app.Config{DB: dbtest.SQLiteURL(t), Data: t.TempDir(), Addr: "127.0.0.1:0", BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler),
		Roads: app.Roads{
			SMS:        sms.Config{URL: gateway.URL, Body: "to={to}&text={text}", Secret: secret},
			SMSCost:    "0.08",
			Push:       app.Push{On: true},
			Translator: translator.Config{Engine: "libretranslate", URL: gateway.URL},
			Inbound:    inbound.Config{Domain: "in.brug.test", Listen: "lmtp://" + socket},
		}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Messages.SMSCost != 80 || a.Messages.ReplyTo != "in.brug.test" || a.Messages.Translator == nil || a.Messages.Carriers[contact.Push] == nil || a.Messages.Carriers[contact.Mail] != nil {
		t.Errorf("the service has %+v", a.Messages.Config.Carriers)
	}
	if err := a.Messages.SendCode(t.Context(), contact.Guest{}, "+32470123456", "123456 is uw code"); err != nil {
		t.Fatal(err)
	}
	if form := <-sent; form.Get("to") != "+32470123456" || form.Get("text") != "123456 is uw code" {
		t.Errorf("the gateway got %v", form)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended, listens := make(chan error, 1), make(chan string, 1)
	go func() { ended <- a.Run(ctx, func(l net.Addr) { listens <- "http://" + l.String() }) }()
	base := <-listens
	for path, want := range map[string]int{"/hooks/sms/" + secret + "/in": 200, "/hooks/sms/" + secret + "/receipts": 200, "/hooks/sms/" + strings.ToUpper(secret) + "/in": 404} {
		res, err := http.PostForm(base+path, url.Values{"from": {"+32470123456"}, "text": {"Dag"}, "id": {"7"}, "status": {"delivered"}})
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	conn, err := (&net.Dialer{Timeout: time.Minute}).Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	c := smtp.NewClientLMTP(conn)
	if err := c.SendMail("nadia@example.org", []string{"reply+nobody.12@in.brug.test"}, strings.NewReader("From: nadia@example.org\r\nTo: reply+nobody.12@in.brug.test\r\n\r\nDag")); err != nil {
		t.Errorf("a mail for nobody is answered: %v", err)
	}
	if counts, err := a.Base.Q().InboundCounts(t.Context(), 0); err != nil || len(counts) != 2 || counts[0].Outcome != "unknown" || counts[1].Outcome != "unknown" {
		t.Errorf("counted %+v, %v", counts, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := net.Dial("unix", socket); err == nil {
		t.Error("the listener outlives the program")
	}
}

// Who forgot to configure a road is told of it: staff see its letters as sent.
func TestARoadThatIsOffIsToldAtTheStart(t *testing.T) {
	for _, c := range []struct {
		name   string
		sms    sms.Config
		demo   bool
		wanted string
	}{
		{"neither mail nor SMS", sms.Config{}, false, "--smtp --sms-url"},
		{"SMS only", sms.Config{URL: "http://127.0.0.1:9/{to}/{text}"}, false, "--smtp"},
		{"in the demo nothing goes out, and everybody knows", sms.Config{}, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log strings.Builder
			a, err := app.Open(t.Context(), app.Config{DB: dbtest.SQLiteURL(t), Data: t.TempDir(), Addr: "127.0.0.1:0", BaseURL: "https://brug.test", Demo: c.demo, Roads: app.Roads{SMS: c.sms},
				Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			if err := a.Run(ctx, func(net.Addr) { stop() }); err != nil {
				t.Error(err)
			}
			var told []string
			for _, line := range strings.Split(log.String(), "\n") {
				if _, flag, is := strings.Cut(line, "flag="); is {
					told = append(told, flag)
				}
			}
			if got := strings.Join(told, " "); got != c.wanted {
				t.Errorf("told of %q, want %q: %s", got, c.wanted, log.String())
			}
		})
	}
}

func TestWithoutRoadsNothingGoesOut(t *testing.T) {
	a, err := app.Open(t.Context(), app.Config{DB: dbtest.SQLiteURL(t), Data: t.TempDir(), BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Messages.Carriers) != 0 || a.Messages.Translator != nil || a.Messages.ReplyTo != "" || a.Inbound != nil {
		t.Errorf("something is there: %+v", a.Messages.Config.Carriers)
	}
	w := httptest.NewRecorder()
	a.Handler.ServeHTTP(w, httptest.NewRequest("POST", "/hooks/sms/0123456789abcdef/in", strings.NewReader("from=1")))
	if w.Code != http.StatusNotFound {
		t.Errorf("a hook answers %d", w.Code)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
