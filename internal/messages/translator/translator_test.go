package translator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shout is a machine that translates into capitals and knows a few languages, in the manner of one service or the other.
type shout struct {
	*httptest.Server
	mu    sync.Mutex
	sent  []string // all texts it was given
	calls int
	asked int
	spoil func(string) string // what it does wrong
	fail  int                 // status instead of an answer
}

func newShout(t *testing.T) *shout {
	s := &shout{spoil: func(s string) string { return s }}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	work := func(texts []string) []string {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls++
		s.sent = append(s.sent, texts...)
		out := make([]string, len(texts))
		for i, x := range texts {
			out[i] = s.spoil(outside(x, strings.ToUpper))
		}
		return out
	}
	mux.HandleFunc("GET /languages", func(w http.ResponseWriter, r *http.Request) {
		s.asked++
		answer(w, []map[string]any{{"code": "nl", "targets": []string{"en", "ar", "zh-Hans"}}, {"code": "en"}, {"code": "ar"}, {"code": "zh-Hans"}, {"code": "tr"}})
	})
	mux.HandleFunc("POST /translate", func(w http.ResponseWriter, r *http.Request) {
		if s.fail != 0 {
			http.Error(w, "geheim Yusuf", s.fail)
			return
		}
		var in struct {
			Q                              []string
			Source, Target, Format, ApiKey string
			Key                            string `json:"api_key"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Format != "html" || in.Source != "nl" || in.Key != "geheim" {
			t.Errorf("%v %+v", err, in)
		}
		answer(w, map[string]any{"translatedText": work(in.Q)})
	})
	mux.HandleFunc("GET /v2/languages", func(w http.ResponseWriter, r *http.Request) {
		s.asked++
		if r.Header.Get("Authorization") != "DeepL-Auth-Key geheim" {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
		tags := []string{"NL", "EN", "PT", "AR", "ZH"}
		if r.URL.Query().Get("type") == "target" {
			tags = []string{"NL", "EN-GB", "EN-US", "PT-PT", "PT-BR", "AR", "ZH", "ZH-HANS"}
		}
		var list []map[string]any
		for _, tag := range tags {
			list = append(list, map[string]any{"language": tag})
		}
		answer(w, list)
	})
	mux.HandleFunc("POST /v2/translate", func(w http.ResponseWriter, r *http.Request) {
		if s.fail != 0 {
			http.Error(w, "geheim Yusuf", s.fail)
			return
		}
		var in struct {
			Text       []string
			Source     string   `json:"source_lang"`
			Target     string   `json:"target_lang"`
			Tags       string   `json:"tag_handling"`
			IgnoreTags []string `json:"ignore_tags"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Tags != "xml" || in.Source != "NL" || !slices.Equal(in.IgnoreTags, []string{"x"}) || len(in.Text) > 50 {
			t.Errorf("%v %+v", err, in)
		}
		var list []map[string]string
		for _, x := range work(in.Text) {
			list = append(list, map[string]string{"text": x})
		}
		answer(w, map[string]any{"translations": list})
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// outside changes what stands outside of tags and entities.
func outside(s string, f func(string) string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "<&")
		if i < 0 {
			i = len(s)
		}
		b.WriteString(f(s[:i]))
		s = s[i:]
		if s == "" {
			break
		}
		end := ">"
		if s[0] == '&' {
			end = ";"
		}
		j := strings.Index(s, end)
		if j < 0 {
			j = len(s) - 1
		}
		b.WriteString(s[:j+1])
		s = s[j+1:]
	}
	return b.String()
}

// both runs a test with each service.
func both(t *testing.T, run func(t *testing.T, s *shout, tr *Translator)) {
	for _, engine := range []string{"libretranslate", "deepl"} {
		t.Run(engine, func(t *testing.T) {
			s := newShout(t)
			tr, err := New(Config{Engine: engine, URL: s.URL + "/", Key: "geheim"})
			if err != nil {
				t.Fatal(err)
			}
			run(t, s, tr)
		})
	}
}

func TestNamesPlaceholdersAndAddressesDoNotLeaveTheHouse(t *testing.T) {
	both(t, func(t *testing.T, s *shout, tr *Translator) {
		in := []string{"Dag \u2068Yusuf\u2069, breng {thing} mee & kom < 9 uur.\n\nSchrijf naar els@dewilg.example of https://dewilg.example/x?a=1&b=2", "12:30", ""}
		want := []string{"DAG \u2068Yusuf\u2069, BRENG {thing} MEE & KOM < 9 UUR.\n\nSCHRIJF NAAR els@dewilg.example OF https://dewilg.example/x?a=1&b=2", "12:30", ""}
		got, engine, err := tr.Translate(t.Context(), "nl", "ar", in)
		if err != nil || engine != tr.name() {
			t.Fatal(err, engine)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, secret := range []string{"Yusuf", "thing", "els@", "https", "12:30"} {
			if strings.Contains(strings.Join(s.sent, "\n"), secret) {
				t.Errorf("the service got %s: %q", secret, s.sent)
			}
		}
	})
}

func TestATranslationThatLostANameIsNone(t *testing.T) {
	for name, spoil := range map[string]func(string) string{
		"left out":    func(s string) string { return marked.ReplaceAllString(s, "") },
		"twice":       func(s string) string { return marked.ReplaceAllString(s, "$0 $0") },
		"another one": func(s string) string { return strings.ReplaceAll(s, ">0<", ">7<") },
		"a new tag":   func(s string) string { return s + "<b>" },
		"nothing":     func(string) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, s *shout, tr *Translator) {
				s.spoil = func(x string) string {
					if strings.Contains(x, "DAG") {
						return spoil(x)
					}
					return x
				}
				got, _, err := tr.Translate(t.Context(), "nl", "en", []string{"Dag \u2068Yusuf\u2069", "Tot morgen"})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{"", "TOT MORGEN"}, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestLanguagesAreThoseOfTheService(t *testing.T) {
	both(t, func(t *testing.T, s *shout, tr *Translator) {
		for _, to := range []string{"en", "ar", "zh"} {
			if _, _, err := tr.Translate(t.Context(), "nl-BE", to, []string{"Dag"}); err != nil {
				t.Errorf("%s: %v", to, err)
			}
		}
		for _, to := range []string{"ti", "nl", "tr"} {
			if _, _, err := tr.Translate(t.Context(), "nl", to, []string{"Dag"}); !errors.Is(err, ErrLanguage) {
				t.Errorf("%s: %v", to, err)
			}
		}
		if s.calls != 3 || s.asked > 2 {
			t.Errorf("%d translations, and asked %d times for the languages", s.calls, s.asked)
		}
	})
}

func TestMuchIsTranslatedInSeveralRequests(t *testing.T) {
	both(t, func(t *testing.T, s *shout, tr *Translator) {
		var in, want []string
		for i := range 120 {
			in = append(in, fmt.Sprintf("regel %d %s", i, strings.Repeat("a", 90)))
			want = append(want, strings.ToUpper(in[i]))
		}
		got, _, err := tr.Translate(t.Context(), "nl", "en", in)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
		if s.calls < 3 {
			t.Errorf("%d requests", s.calls)
		}
		if _, _, err := tr.Translate(t.Context(), "nl", "en", []string{strings.Repeat("a", maxText+1)}); !errors.Is(err, ErrTooLong) {
			t.Error(err)
		}
	})
}

func TestWhatAServiceRefuses(t *testing.T) {
	for status, final := range map[int]error{400: ErrRefused, 403: ErrRefused, 413: ErrTooLong, 456: ErrRefused, 429: nil, 500: nil, 503: nil} {
		both(t, func(t *testing.T, s *shout, tr *Translator) {
			s.fail = status
			_, _, err := tr.Translate(t.Context(), "nl", "en", []string{"Dag"})
			switch {
			case err == nil:
				t.Errorf("%d passes", status)
			case final != nil && !errors.Is(err, final), final == nil && (errors.Is(err, ErrRefused) || errors.Is(err, ErrTooLong)):
				t.Errorf("%d: %v", status, err)
			case strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "Yusuf"):
				t.Errorf("the error tells what was said: %v", err)
			}
		})
	}
}

func TestAServiceThatDoesNotAnswerIsGivenUp(t *testing.T) {
	hang := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-hang }))
	defer srv.Close()
	defer close(hang)
	tr, err := New(Config{Engine: "libretranslate", URL: srv.URL, Client: &http.Client{Timeout: 20 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := tr.Translate(t.Context(), "nl", "en", []string{"Dag"}); err == nil || !strings.Contains(err.Error(), "no answer in time") {
		t.Error(err)
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	for name, c := range map[string]Config{
		"a key and no service":       {Key: "geheim"},
		"an unknown service":         {Engine: "babel", Key: "geheim"},
		"libretranslate nowhere":     {Engine: "libretranslate", Key: "geheim"},
		"in the clear over the net":  {Engine: "libretranslate", URL: "http://translate.example.org", Key: "geheim"},
		"an address that is none":    {Engine: "libretranslate", URL: "translate.example.org", Key: "geheim"},
		"deepl without a key":        {Engine: "deepl"},
		"a password in a bad adress": {Engine: "libretranslate", URL: "https://u:geheim@ho st", Key: ""},
	} {
		if _, err := New(c); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if tr, err := New(Config{}); tr != nil || err != nil {
		t.Error("nothing configured is something", err)
	}
	for key, want := range map[string]string{"abc:fx": "https://api-free.deepl.com", "abc": "https://api.deepl.com"} {
		tr, err := New(Config{Engine: "deepl", Key: key})
		if err != nil || tr.engine.(deepL).base != want {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// What is protected and restored without anything in between is as it was, whatever it was.
func TestProtectingLosesNothing(t *testing.T) {
	for _, e := range []engine{libre{}, deepL{}} {
		rapid.Check(t, func(t *rapid.T) {
			s := rapid.StringMatching("([A-Za-zé<>&;\"' {}@.:/\u2068\u2069]|Yusuf|\\{child\\}|https://a\\.b/c|x@y\\.be|&amp;|<x>0</x>){0,30}").Draw(t, "line")
			piece, masks := protect(s, e.mark)
			got, ok := restore(piece, masks)
			if strings.TrimSpace(s) == "" {
				return
			}
			if !ok || got != s {
				t.Fatalf("%q came back as %q, %v (sent %q)", s, got, ok, piece)
			}
		})
	}
}
