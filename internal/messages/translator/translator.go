// Package translator has texts translated by a machine: by LibreTranslate, which a school can run itself, or by DeepL.
//
// Package messages asks it (messages.Translator) for free text that nobody put into a family's language; what comes back is
// labelled as made by a machine wherever it is read. It is off unless configured, keeps nothing, and owns no tables. Names,
// {placeholders}, web and mail addresses do not leave the house: the service gets a numbered mark in their place.
package translator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"brug/internal/messages/gateway"
)

// Config says which service. The zero Config has none.
type Config struct {
	Engine string // "libretranslate" or "deepl"; "" none
	URL    string // of the service; DeepL's follows from the key
	Key    string // LibreTranslate may need none
	Client *http.Client
	Now    func() time.Time
}

// Errors that another try does not mend. Others are worth another try.
var (
	ErrLanguage = errors.New("translator: the service does not know this pair of languages")
	ErrTooLong  = errors.New("translator: the text is too long")
	ErrRefused  = errors.New("translator: the service refused")
)

// patience is how long one request may take: a small computer translates a letter in ten seconds.
const patience = 45 * time.Second

// maxText is how much is translated in one call, in bytes: a long letter in any script.
const maxText = 60_000

// memory is how long the service's list of languages is trusted.
const memory = time.Hour

// Translator asks one service. It is made once and used by many goroutines.
type Translator struct {
	engine
	now func() time.Time

	mu    sync.Mutex
	known map[string]pair // by lower-case tag of the service
	asked time.Time
}

// pair is a language of the service, and into which others it can be brought.
type pair struct {
	from, to string // as the service writes it, as a source and as a target; "" where it cannot
	targets  map[string]bool
}

// engine is one kind of service.
type engine interface {
	name() string
	// limits of one request: pieces, and bytes of them together
	limits() (pieces, bytes int)
	// mark wraps a number so that the service leaves it alone
	mark(n int) string
	languages(ctx context.Context) (map[string]pair, error)
	translate(ctx context.Context, from, to string, pieces []string) ([]string, error)
}

// New makes the translator of a Config; nil for the zero Config. The error names the flag of brug serve and says what is wrong with
// it, without the key.
func New(c Config) (*Translator, error) {
	if c.Client == nil {
		c.Client = gateway.Client(patience, nil)
	}
	s := service{client: gateway.Strict(c.Client), key: strings.TrimSpace(c.Key)}
	t := &Translator{now: c.Now}
	if t.now == nil {
		t.now = time.Now
	}
	address := c.URL
	switch c.Engine {
	case "":
		if c.URL != "" || c.Key != "" {
			return nil, errors.New("--translator: say which service it is: libretranslate or deepl")
		}
		return nil, nil
	case "libretranslate":
		if address == "" {
			return nil, errors.New("--translator-url: LibreTranslate needs its address, such as https://translate.example.org")
		}
	case "deepl":
		if s.key == "" {
			return nil, errors.New("--translator-key: DeepL needs a key")
		}
		if address == "" {
			address = "https://api.deepl.com"
			if strings.HasSuffix(s.key, ":fx") { // keys of the free service end so
				address = "https://api-free.deepl.com"
			}
		}
	default:
		return nil, fmt.Errorf("--translator: there are libretranslate and deepl, not %q", c.Engine)
	}
	u, err := gateway.Address(address)
	if err != nil {
		return nil, fmt.Errorf("--translator-url: %w", err)
	}
	s.base = strings.TrimSuffix(u.Scheme+"://"+u.Host+u.Path, "/")
	if c.Engine == "deepl" {
		t.engine = deepL{s}
	} else {
		t.engine = libre{s}
	}
	return t, nil
}

// Translate brings texts from one language into another (BCP 47): as many texts come back, in order. engine is the name of the
// service. A text in which the service lost a name or a placeholder comes back as "": a translation that leaves out a name is
// worse than none. What stands between the marks U+2068 and U+2069 is a name.
func (t *Translator) Translate(ctx context.Context, from, to string, texts []string) (out []string, engine string, err error) {
	size := 0
	for _, s := range texts {
		size += len(s)
	}
	if size > maxText {
		return nil, t.name(), ErrTooLong
	}
	source, target, err := t.pair(ctx, from, to)
	if err != nil {
		return nil, t.name(), err
	}
	j := split(texts, t.mark)
	most, bytes := t.limits()
	for begin := 0; begin < len(j.pieces); {
		end, sum := begin, 0
		for end < len(j.pieces) && end-begin < most && (end == begin || sum+len(j.pieces[end]) <= bytes) {
			sum += len(j.pieces[end])
			end++
		}
		if sum > bytes {
			return nil, t.name(), ErrTooLong
		}
		done, err := t.translate(ctx, source, target, j.pieces[begin:end])
		if err != nil {
			return nil, t.name(), err
		}
		if len(done) != end-begin {
			return nil, t.name(), fmt.Errorf("%w: %d texts came back for %d", ErrRefused, len(done), end-begin)
		}
		j.done = append(j.done, done...)
		begin = end
	}
	return j.join(), t.name(), nil
}

// pair finds how the service writes two languages. ErrLanguage where it does not know them.
func (t *Translator) pair(ctx context.Context, from, to string) (source, target string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || t.now().Sub(t.asked) > memory {
		known, err := t.languages(ctx)
		if err != nil {
			return "", "", err
		}
		t.known, t.asked = known, t.now()
	}
	a, b := t.find(from), t.find(to)
	if a.from == "" || b.to == "" || a.from == b.from || a.targets != nil && !a.targets[b.to] {
		return "", "", ErrLanguage
	}
	return a.from, b.to, nil
}

// find looks for a language: as it is written, without its region, and as the service's usual variant of it.
func (t *Translator) find(tag string) pair {
	tag = strings.ToLower(tag)
	short, _, _ := strings.Cut(tag, "-")
	found := pair{}
	for _, try := range []string{tag, short, variants[short]} {
		p, has := t.known[try]
		if !has || try == "" {
			continue
		}
		if found.from == "" {
			found.from, found.targets = p.from, p.targets
		}
		if found.to == "" {
			found.to = p.to
		}
	}
	return found
}

// variants are what services call a language that they know in several forms.
var variants = map[string]string{"en": "en-gb", "pt": "pt-pt", "zh": "zh-hans", "nb": "nb"}

// wordy tells whether there is anything to translate in a line.
func wordy(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
