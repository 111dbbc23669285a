package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"brug/internal/web/ui"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browser starts one Chromium for a test; without one on this machine the test is passed over (bin/test installs it).
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("no chromium on this machine: install the package chromium (bin/test does)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, over := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(over)
	return ctx
}

// media makes the page dark or light, and still.
func media(dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
}

// overflow names the elements that stand out of the page at the side, unless something around them scrolls or cuts.
const overflow = `(() => {
	const w = document.documentElement.clientWidth, out = [];
	if (document.documentElement.scrollWidth > w) out.push('the page scrolls sideways: ' + document.documentElement.scrollWidth + ' > ' + w);
	for (const e of document.body.querySelectorAll('*')) {
		const r = e.getBoundingClientRect();
		if (r.width < 2 || (r.left > -1 && r.right < w + 1) || e.closest('.heard, .skip, svg')) continue;
		let held = false;
		for (let p = e; p && p !== document.body; p = p.parentElement) {
			const o = getComputedStyle(p).overflowX;
			if (o !== 'visible') { held = true; break; }
		}
		if (!held) out.push(e.tagName + '.' + e.className + ' ' + Math.round(r.left) + '–' + Math.round(r.right));
	}
	return out.slice(0, 5).join('\n');
})()`

// small names the targets below 24 px (WCAG 2.2 AA), or on family pages below 48 px (look.md), but for links within text.
const small = `(() => {
	const least = document.body.classList.contains('family') ? 48 : 24, out = [];
	for (const e of document.querySelectorAll('a, button, select, textarea, input:not([type=hidden]), summary')) {
		const box = e.closest('.choice') || e, r = box.getBoundingClientRect();
		if (!r.width || getComputedStyle(e).display === 'inline' || e.classList.contains('skip')) continue;
		if (r.height < least || r.width < least) out.push(e.tagName + ' ' + e.textContent.trim().slice(0, 20) + ' ' + Math.round(r.width) + '×' + Math.round(r.height));
	}
	return out.slice(0, 5).join('\n');
})()`

// picture is the whole page, on a screen as tall as the page.
func picture(ctx context.Context, width, height int64) ([]byte, error) {
	tall, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
	if err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, max(height, tall), chromedp.EmulateScale(1))); err != nil {
		return nil, err
	}
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// TestEveryPageFits opens every example in a real browser: nothing stands out at the side, no target is too small, and
// the policy and the scripts raise no complaint. With BRUG_SHOTS=FOLDER it leaves pictures there to look at.
func TestEveryPageFits(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	ctx := browser(t)
	srv := httptest.NewServer(Handler())
	t.Cleanup(srv.Close)
	shots := os.Getenv("BRUG_SHOTS")

	var mu sync.Mutex
	var complaints []string
	err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*cdplog.EventEntryAdded); ok && e.Entry.Level == "error" {
			mu.Lock()
			complaints = append(complaints, e.Entry.Text)
			mu.Unlock()
		}
	})
	if err != nil {
		t.Fatal(err)
	}

	views := []struct {
		width, height int64
		lang          string
		dark          bool
	}{{320, 640, "nl", false}, {360, 800, "ar", false}, {1280, 900, "nl", false}, {360, 800, "nl", true}, {800, 900, "fr", false}, {1280, 900, "ar", true}, {360, 800, "ti", false}}
	for _, v := range views {
		for _, path := range Paths() {
			if v.lang == "ti" && !strings.HasPrefix(path, "/family") {
				continue
			}
			name := fmt.Sprintf("%s at %d in %s dark=%v", path, v.width, v.lang, v.dark)
			mu.Lock()
			complaints = nil
			mu.Unlock()
			err := chromedp.Do(ctx, media(v.dark), chromedp.EmulateViewport(v.width, v.height, chromedp.EmulateScale(1)),
				chromedp.Navigate(srv.URL+path+"?lang="+v.lang))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for what, script := range map[string]string{"stands out": overflow, "too small": small} {
				got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if got != "" {
					t.Errorf("%s: %s:\n%s", name, what, got)
				}
			}
			mu.Lock()
			if len(complaints) > 0 {
				t.Errorf("%s: the browser complains: %s", name, strings.Join(complaints, "\n"))
			}
			mu.Unlock()
			if shots != "" {
				png, err := picture(ctx, v.width, v.height)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				file := fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(strings.Trim(path, "/")+"_", "/", "_"), v.width, v.lang)
				if v.dark {
					file += "-dark"
				}
				if err := os.WriteFile(filepath.Join(shots, file+".png"), png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// voices stands in for the voices of a phone: one that speaks Tigrinya, and says what it was asked to say.
const voices = `
	const said = window.said = [];
	Object.defineProperty(window, 'speechSynthesis', {value: {
		getVoices: () => [{lang: 'ti-ET', name: 'Ethiopia'}],
		speak: (u) => said.push(u.lang + ' ' + u.text.trim()),
		cancel: () => said.push('quiet'),
	}});
	window.SpeechSynthesisUtterance = function (text) { this.text = text; };`

// TestListenShowsOnlyWhereThereIsAVoice: no button that does nothing; where there is a voice, it says the text.
func TestListenShowsOnlyWhereThereIsAVoice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	ctx := browser(t)
	srv := httptest.NewServer(Handler())
	t.Cleanup(srv.Close)
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: voices})
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{
		"ti": "quiet|ti ሎሚ ኣብ ቤት ትምህርቲ እንታይ ተጻዊትካ?|ti ምስ መን?|quiet",
		"ar": "hidden",
	} {
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/family?lang="+tag)); err != nil {
			t.Fatal(err)
		}
		// Pressed twice: the second press stops it.
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(() => {
			const b = document.querySelector('[data-listen]');
			if (b.hidden) return 'hidden';
			b.click();
			if (b.getAttribute('aria-pressed') !== 'true') return 'not pressed';
			b.click();
			return said.join('|');
		})()`))
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}

// TestWorkRenewsItselfInTheBrowser: htmx asks again by itself, under the policy, and puts the new state in its place.
func TestWorkRenewsItselfInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	if len(ui.Missing()) > 0 {
		t.Fatalf("%s brings %s", ui.Setup, strings.Join(ui.Missing(), ", "))
	}
	ctx := browser(t)
	var asked atomic.Int32
	h := Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/work" {
			h.ServeHTTP(w, r)
			return
		}
		n := int(asked.Add(1))
		w.Header().Set("Content-Security-Policy", Policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		work := ui.Work{Title: "Bladen", Done: n, Total: 3, State: ui.Running, URL: "/work"}
		if n == 3 {
			work.State = ui.Finished
		}
		if err := onlyWork(work).Render(r.Context(), w); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(srv.Close)
	if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/work"), chromedp.WaitVisible(chromedp.CSS(".work-finished"))); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelectorAll('.work').length + ' ' + document.querySelectorAll('h1').length + ' ' + document.querySelector('progress').value`))
	if err != nil {
		t.Fatal(err)
	}
	if got != "1 1 100" {
		t.Errorf("one work, one h1, 100 of 100: got %s", got)
	}
}

// TestAxeFindsNothing lets axe-core look at every example; bin/setup brings it.
func TestAxeFindsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	axe, err := os.ReadFile("../../../../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%s brings axe-core: %v", ui.Setup, err)
	}
	ctx := browser(t)
	srv := httptest.NewServer(Handler())
	t.Cleanup(srv.Close)
	const run = `axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
		.then(r => r.violations.map(v => v.help + '\n' + v.nodes.slice(0, 3).map(n => '  ' + n.html.slice(0, 160)).join('\n')).join('\n'))`
	for _, v := range []struct {
		width int64
		lang  string
		dark  bool
	}{{1280, "nl", false}, {360, "ar", true}} {
		for _, path := range Paths() {
			name := fmt.Sprintf("%s at %d in %s dark=%v", path, v.width, v.lang, v.dark)
			err := chromedp.Do(ctx, media(v.dark), chromedp.EmulateViewport(v.width, 800, chromedp.EmulateScale(1)), chromedp.Navigate(srv.URL+path+"?lang="+v.lang))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](string(axe)+";1")); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := chromedp.Run(ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got != "" {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}
