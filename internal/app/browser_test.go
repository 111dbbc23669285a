package app_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"brug/internal/lang"
)

// patience is how long a person would wait for a page before giving up on us; a machine at work on other things gets as
// much. No test says how fast a page is.
const patience = 60 * time.Second

// long leaves a test out of the quick round (bin/test -quick); what lacks on this machine is never a reason to.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
}

// need ends the test when a program is not on this machine, and names what brings it.
func need(t *testing.T, program, debian string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is not on this machine: apt-get install %s (bin/test does it)", program, debian)
	}
	return path
}

// browser starts one Chromium for a test, with further options where a story needs them. Its tabs are made by tab.
func browser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(need(t, "chromium", "chromium")), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.WSURLReadTimeout(patience))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), append(options, more...)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		// It must have ended before its folder is cleared away. After the test's own context has ended it may end itself.
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	return ctx
}

// tab is one person at one browser of their own: cookies are nobody else's.
type tab struct {
	t     *testing.T
	ctx   context.Context
	site  string // of our program, without a slash at the end
	who   string
	words *lang.Locale // the language that they read

	mu         sync.Mutex
	complaints []string // of the browser: errors of scripts, refusals of the policy
	pages      int
}

// newTab opens a tab. width is that of the screen in CSS pixels.
func newTab(t *testing.T, browser context.Context, site, who, tag string, width int64, script bool) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, site: site, who: who, words: lang.For(tag)}
	err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800, chromedp.EmulateScale(1)), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": tag}})
		return err
	}))
	if err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	err = chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == "error" || e.Entry.Level == "warning" {
				b.complain(e.Entry.Text + " " + e.Entry.URL)
			}
		case *cdpruntime.EventExceptionThrown:
			b.complain(e.ExceptionDetails.Text)
		case *cdpruntime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" {
				b.complain(fmt.Sprint("console: ", string(e.Type)))
			}
		}
	})
	if err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	return b
}

func (b *tab) complain(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, s)
}

// fatalf ends the story and tells who was where and saw what.
func (b *tab) fatalf(format string, args ...any) {
	b.t.Helper()
	where, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + '\n' + document.body.innerText.slice(0, 1500)`))
	if err != nil {
		where = err.Error()
	}
	if dir := os.Getenv("BRUG_SHOTS"); dir != "" {
		if png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot()); err == nil {
			_ = os.WriteFile(dir+"/"+strings.ReplaceAll(b.t.Name(), "/", "-")+".png", png, 0o644)
		}
	}
	b.t.Fatalf("%s: %s\nat %s", b.who, fmt.Sprintf(format, args...), where)
}

// do runs steps and ends the story when they fail.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fatalf("%s: %v", what, err)
	}
}

// arrive runs steps that lead to another page, and looks at it.
func (b *tab) arrive(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.arriveAt(200, what, steps...)
}

func (b *tab) arriveAt(status int64, what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	r, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		b.fatalf("%s: %v", what, err)
	}
	if int64(r.Status) != status {
		b.fatalf("%s: status %d", what, r.Status)
	}
	if status != 200 { // the browser says so itself, as an error
		b.mu.Lock()
		b.complaints = nil
		b.mu.Unlock()
	}
	b.look()
}

// open types an address: a path of ours, or a whole one that was scanned.
func (b *tab) open(address string) {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.site + address
	}
	b.arrive("open "+address, chromedp.Navigate(address))
}

// overflow names what stands out of the page at the side, unless something around it scrolls or cuts it.
const overflow = `(() => {
	const w = document.documentElement.clientWidth, out = [];
	if (document.documentElement.scrollWidth > w) out.push('the page scrolls sideways, ' + document.documentElement.scrollWidth + ' > ' + w);
	for (const e of document.body.querySelectorAll('*')) {
		const r = e.getBoundingClientRect();
		if (r.width < 2 || (r.left > -1 && r.right < w + 1) || e.closest('.heard, .skip, svg')) continue;
		let held = false;
		for (let p = e; p && p !== document.body && !held; p = p.parentElement) held = getComputedStyle(p).overflowX !== 'visible';
		if (!held) out.push(e.tagName + '.' + e.className + ' ' + Math.round(r.left) + '–' + Math.round(r.right));
	}
	return out.slice(0, 5).join('\n');
})()`

// look holds a page against what every page owes on every screen: nothing scrolls sideways on a small phone, and the browser has
// nothing to complain about.
func (b *tab) look() {
	b.t.Helper()
	b.pages++
	where := eval[string](b, `location.pathname`)
	before := eval[int64](b, `window.innerWidth`)
	for _, width := range []int64{320, 360} {
		b.do("make the screen small", chromedp.EmulateViewport(width, 800, chromedp.EmulateScale(1)))
		if out := eval[string](b, overflow); out != "" {
			b.t.Errorf("%s: %s at %d px: %s", b.who, where, width, out)
		}
	}
	b.do("make the screen as it was", chromedp.EmulateViewport(before, 800, chromedp.EmulateScale(1)))
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("%s: %s: the browser complains: %s", b.who, where, strings.Join(b.complaints, "\n"))
	}
	b.complaints = nil
}

func eval[T any](b *tab, script string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.fatalf("%.60s: %v", script, err)
	}
	return v
}

// T is a text of the program in the reader's language.
func (b *tab) T(id string, kv ...any) string { return b.words.T(id, kv...) }

// spot finds the one visible thing to press that is called so, brings it into view and gives its middle. What is called
// exactly so comes before what only contains the words; within narrows the search.
const spot = `((words, within) => {
	const text = e => e.innerText.replace(/\s+/g, ' ').trim();
	const all = [...document.querySelectorAll(within + ' a, ' + within + ' button, ' + within + ' summary, ' + within + ' label')].filter(e => e.getClientRects().length && !e.closest('.heard'));
	let found = all.filter(e => text(e) === words);
	if (!found.length) found = all.filter(e => text(e).includes(words));
	if (!found.length) return {Problem: 'nothing to press is called so: ' + all.map(text).join(' | ')};
	const e = found[0];
	e.scrollIntoView({block: 'center', behavior: 'instant'});
	const r = [...e.getClientRects()].find(r => r.width), x = r.left + r.width / 2, y = r.top + r.height / 2;
	const top = document.elementFromPoint(x, y);
	if (!top || !(e.contains(top) || top.contains(e))) return {Problem: 'it lies under ' + (top && top.outerHTML.slice(0, 100))};
	return {X: x, Y: y};
})(%q, %q)`

func (b *tab) spot(within, words string) chromedp.Action[chromedp.Void] {
	b.t.Helper()
	at := eval[struct {
		X, Y    float64
		Problem string
	}](b, fmt.Sprintf(spot, words, within))
	if at.Problem != "" {
		b.fatalf("press %q: %s", words, at.Problem)
	}
	return chromedp.MouseClickXY(at.X, at.Y)
}

// press presses the button or link with these words and waits for the page that follows.
func (b *tab) press(words string) { b.t.Helper(); b.pressIn("body", words) }

// pressIn is press for what stands within the elements of a selector.
func (b *tab) pressIn(within, words string) {
	b.t.Helper()
	b.arrive("press "+words, b.spot(within, words))
}

// refused presses what leads to the form again, with what is wrong with it.
func (b *tab) refused(words string) {
	b.t.Helper()
	b.arriveAt(422, "press "+words, b.spot("body", words))
}

// touch presses what opens or ticks something on the same page.
func (b *tab) touch(words string) {
	b.t.Helper()
	b.do("touch "+words, b.spot("body", words))
}

// fill types into the field with this name.
func (b *tab) fill(name, value string) {
	b.t.Helper()
	field := chromedp.CSS(fmt.Sprintf(`[name="%s"]`, name))
	b.do("fill in "+name, chromedp.WaitVisible(field))
	eval[bool](b, fmt.Sprintf(`(e => (e.select(), true))(document.querySelector('%s'))`, field)) // what stands there is typed over
	b.do("fill in "+name, chromedp.SendKeys(field, value))
}

// choose takes the option that contains these words, as the keyboard would.
func (b *tab) choose(name, words string) {
	b.t.Helper()
	value := eval[string](b, fmt.Sprintf(`[...document.querySelector('select[name="%s"]').options].find(o => o.text.includes(%q))?.value ?? ''`, name, words))
	if value == "" {
		b.fatalf("choose %q: %s has no such option", words, name)
	}
	b.do("choose "+words, chromedp.SetValue(chromedp.CSS(fmt.Sprintf(`select[name="%s"]`, name)), value))
}

const mainText = `(document.querySelector('main')?.innerText ?? '').replace(/\s+/g, ' ').trim()`

// sees tells what the main part of the page says, with single spaces.
func (b *tab) sees() string {
	b.t.Helper()
	return eval[string](b, mainText)
}

// glimpse is sees for a page that may load itself anew this moment: then it sees nothing.
func (b *tab) glimpse() string {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](mainText))
	if err != nil {
		return ""
	}
	return text
}

// reads ends the story unless the page says all of this.
func (b *tab) reads(words ...string) {
	b.t.Helper()
	page := b.sees()
	for _, w := range words {
		if !strings.Contains(page, w) {
			b.fatalf("%q does not stand on the page", w)
		}
	}
}

// cookie gives the browser a cookie of our site.
func (b *tab) cookie(name, value string) {
	b.t.Helper()
	b.do("cookie "+name, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.site})
		return err
	}))
}
