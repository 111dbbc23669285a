package uitest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const good = `<!doctype html><html lang="ar" dir="rtl"><head><title>Brug</title></head><body><main><h1>Klas</h1><h2>Meer</h2>
<form method="post" action="/x"><label for="a">A</label><input id="a" name="a" aria-describedby="h"><p id="h">hint</p><button><svg aria-hidden="true"></svg>Ja</button></form>
<img src="/p.svg" alt=""><a href="https://example.org/">ver</a></main></body></html>`

func TestEachFaultIsSeen(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing wrong", "", "", ""},
		{"no language", `lang="ar" `, ``, "html has no lang"},
		{"no direction", ` dir="rtl"`, ``, "html has no dir"},
		{"no title", `Brug`, ``, "no title"},
		{"no h1", `h1>`, `p>`, "0 <h1>"},
		{"two h1", `h2>`, `h1>`, "2 <h1>"},
		{"a heading left out", `h2>`, `h3>`, "after an h1 comes an h3"},
		{"a field without label", `for="a"`, ``, `"a" has no label`},
		{"a label for nothing", `for="a"`, `for="b"`, `points at nothing`},
		{"a description that is not there", `id="h"`, ``, `aria-describedby="h"`},
		{"a button with a picture only", `Ja`, ``, "<button> without words"},
		{"a link without words", `>ver<`, `><`, "a link without words"},
		{"an image without alt", ` alt=""`, ``, "image without alt"},
		{"an id twice", `<h2>`, `<h2 id="a">`, `"a" stands there twice`},
		{"a style attribute", `<h2>`, `<h2 style="color:red">`, "style attribute"},
		{"a script attribute", `<h2>`, `<h2 onclick="x()">`, "onclick"},
		{"a script in the page", `<h2>`, `<script>x()</script><h2>`, "a <script> within the page"},
		{"a style in the page", `<h2>`, `<style>b{}</style><h2>`, "a <style> within the page"},
		{"a script of another host", `<h2>`, `<script src="https://cdn.example/x.js"></script><h2>`, "on another host"},
		{"a form to another host", `action="/x"`, `action="https://example.org/"`, "on another host"},
		{"a javascript address", `https://example.org/`, `javascript:x()`, "not an address"},
		{"a drawing that is heard", ` aria-hidden="true"`, ``, "an svg that is neither"},
		{"a jump to nothing", `https://example.org/`, `#none`, "points at nothing"},
	} {
		page := good
		if c.from != "" {
			page = strings.ReplaceAll(good, c.from, c.to)
			if page == good {
				t.Fatalf("%s: the change changes nothing", c.name)
			}
		}
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(Problems(root), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSelectors(t *testing.T) {
	p := Parse(t, strings.NewReader(`<div id=top class="a b"><p class=a>1</p><section><p data-x="one, two">2</p></section></div><p>3</p>`))
	for _, c := range []struct {
		sel  string
		want []string
	}{
		{"p", []string{"1", "2", "3"}},
		{"div p", []string{"1", "2"}},
		{"div > p", []string{"1"}},
		{"#top section > p", []string{"2"}},
		{"div.a.b > p.a", []string{"1"}},
		{"p.b", nil},
		{"[data-x]", []string{"2"}},
		{"p[data-x='one, two']", []string{"2"}},
		{"[data-x^=one]", []string{"2"}},
		{"[data-x$=two]", []string{"2"}},
		{"[data-x*=', ']", []string{"2"}},
		{"[data-x=one]", nil},
		{"p.a, section p", []string{"1", "2"}},
		{"body div section p", []string{"2"}},
	} {
		if got := p.Texts(c.sel); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.sel, got, c.want)
		}
	}
	for _, bad := range []string{"", "> p", "p >", "p:first-child", "a[b"} {
		if _, err := compile(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestAFormSendsWhatABrowserWould(t *testing.T) {
	p := Parse(t, strings.NewReader(`<form method=post action="/save"><input name=a value=1><input type=checkbox name=b value=x checked><input type=checkbox name=b value=y>
<input type=radio name=c value=p><input name=d value=z disabled><textarea name=e>
line</textarea><select name=f><option value=1>one<option value=2 selected>two</select><select name=g><option>first<option>second</select><input type=file name=h><button name=go value=now>Go</button></form>`))
	f := p.Form("form")
	want := "a=1&b=x&e=line&f=2&g=first"
	if got := f.Values.Encode(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got := ""
	f.Set("a", "é").Press("go", "now").Submit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Method + " " + r.URL.Path + " " + r.FormValue("a") + " " + r.FormValue("go")
	}))
	if got != "POST /save é now" {
		t.Errorf("the handler got %q", got)
	}
}

func TestTextJoinsLinesAndKeepsWordsWhole(t *testing.T) {
	p := Parse(t, strings.NewReader("<main><p>De <b>Wi</b>lg</p><p>Klas\n 3A</p><script>no</script></main>"))
	if got := p.Text("main"); got != "De Wilg Klas 3A" {
		t.Errorf("got %q", got)
	}
}
