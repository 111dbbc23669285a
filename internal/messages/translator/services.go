package translator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"brug/internal/messages/gateway"
)

// service is what both kinds are made of.
type service struct {
	client    *http.Client
	base, key string
}

// ask sends a request and reads the answer into v. Errors name the status only: an answer may repeat the text.
func (s service) ask(ctx context.Context, method, path, auth string, in, v any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("translator: the request cannot be made")
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	status, _, answer, err := gateway.Do(s.client, req)
	switch {
	case err != nil:
		return fmt.Errorf("translator: the service: %w", err)
	case status == http.StatusTooManyRequests, status >= 500, status == http.StatusRequestTimeout:
		return fmt.Errorf("translator: the service answered %d", status)
	case status == http.StatusRequestEntityTooLarge:
		return ErrTooLong
	case status/100 != 2: // 403 the key, 456 DeepL's month is used up, 400 something that it does not take
		return fmt.Errorf("%w: it answered %d", ErrRefused, status)
	}
	if err := json.Unmarshal(answer, v); err != nil {
		return fmt.Errorf("%w: its answer cannot be read", ErrRefused)
	}
	return nil
}

// libre is LibreTranslate (https://docs.libretranslate.com).
type libre struct{ service }

func (libre) name() string { return "LibreTranslate" }

// limits: a server of one's own takes 50 and more; public ones limit a request to 2,000 to 5,000 signs.
func (libre) limits() (pieces, bytes int) { return 20, 4000 }

// mark: the library below leaves elements alone that say translate="no".
func (libre) mark(n int) string { return `<span translate="no">` + strconv.Itoa(n) + `</span>` }

func (l libre) languages(ctx context.Context) (map[string]pair, error) {
	var list []struct {
		Code    string
		Targets []string
	}
	if err := l.ask(ctx, http.MethodGet, "/languages", "", nil, &list); err != nil {
		return nil, err
	}
	out := map[string]pair{}
	for _, e := range list {
		p := pair{from: e.Code, to: e.Code}
		if e.Targets != nil { // servers before 1.3 do not tell: all of them
			p.targets = map[string]bool{}
			for _, t := range e.Targets {
				p.targets[t] = true
			}
		}
		out[strings.ToLower(e.Code)] = p
	}
	return out, nil
}

func (l libre) translate(ctx context.Context, from, to string, pieces []string) ([]string, error) {
	in := map[string]any{"q": pieces, "source": from, "target": to, "format": "html"}
	if l.key != "" {
		in["api_key"] = l.key
	}
	var out struct{ TranslatedText []string }
	err := l.ask(ctx, http.MethodPost, "/translate", "", in, &out)
	return out.TranslatedText, err
}

// deepL is DeepL (https://developers.deepl.com).
type deepL struct{ service }

func (deepL) name() string { return "DeepL" }

// limits of one request: 50 texts, 128 KiB.
func (deepL) limits() (pieces, bytes int) { return 50, 100_000 }

func (deepL) mark(n int) string { return "<x>" + strconv.Itoa(n) + "</x>" }

func (d deepL) auth() string { return "DeepL-Auth-Key " + d.key }

func (d deepL) languages(ctx context.Context) (map[string]pair, error) {
	out := map[string]pair{}
	for _, kind := range []string{"source", "target"} {
		var list []struct{ Language string }
		if err := d.ask(ctx, http.MethodGet, "/v2/languages?type="+kind, d.auth(), nil, &list); err != nil {
			return nil, err
		}
		for _, e := range list {
			tag := strings.ToLower(e.Language)
			p := out[tag]
			if kind == "source" {
				p.from = e.Language
			} else {
				p.to = e.Language
			}
			out[tag] = p
		}
	}
	return out, nil
}

func (d deepL) translate(ctx context.Context, from, to string, pieces []string) ([]string, error) {
	in := map[string]any{"text": pieces, "source_lang": from, "target_lang": to, "tag_handling": "xml", "ignore_tags": []string{"x"},
		"split_sentences": "nonewlines", "preserve_formatting": true, "formality": "prefer_more"} // a school writes formally
	var list struct{ Translations []struct{ Text string } }
	if err := d.ask(ctx, http.MethodPost, "/v2/translate", d.auth(), in, &list); err != nil {
		return nil, err
	}
	out := make([]string, len(list.Translations))
	for i, t := range list.Translations {
		out[i] = t.Text
	}
	return out, nil
}
