package press

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"sync"
)

//go:embed all:fonts
var fontFiles embed.FS

// A family is a typeface for some scripts, in one or two weights.
type family struct {
	file    string   // "NotoSans" of NotoSans-Regular.ttf
	bold    bool     // has a bold weight
	scripts []string // ISO 15924 codes that it is for
}

// The families in the order in which a character looks for a font. The index says the name of the font in the PDF, so
// new ones go to the end.
var families = []family{
	{"NotoSans", true, []string{"Latn", "Cyrl", "Grek"}},
	{"NotoSansArabic", true, []string{"Arab"}},
	{"NotoNastaliqUrdu", true, []string{"Aran"}},
	{"NotoSansDevanagari", true, []string{"Deva"}},
	{"NotoSansEthiopic", true, []string{"Ethi"}},
	{"NotoSansArmenian", true, []string{"Armn"}},
	{"NotoSansGeorgian", true, []string{"Geor"}},
	{"NotoSansSC", false, []string{"Hans"}},
}

const (
	latinFamily = 0
	hansFamily  = 7
)

// languageScripts names the script of languages that are not written in Latin letters. It is CLDR's likely script,
// with Aran for the languages whose readers expect Nastaliq. A script in the tag itself ("sr-Latn") goes before it.
var languageScripts = map[string]string{
	"ar": "Arab", "fa": "Arab", "prs": "Arab", "ps": "Arab", "ckb": "Arab", "ug": "Arab", "sd": "Arab", "arz": "Arab",
	"ary": "Arab", "arq": "Arab", "apc": "Arab", "ur": "Aran",
	"bg": "Cyrl", "ru": "Cyrl", "uk": "Cyrl", "be": "Cyrl", "mk": "Cyrl", "sr": "Cyrl", "kk": "Cyrl", "ky": "Cyrl",
	"tg": "Cyrl", "mn": "Cyrl", "ce": "Cyrl", "tt": "Cyrl", "ba": "Cyrl", "os": "Cyrl",
	"el": "Grek", "hi": "Deva", "ne": "Deva", "mr": "Deva", "mai": "Deva", "bho": "Deva", "sa": "Deva",
	"ti": "Ethi", "am": "Ethi", "tig": "Ethi", "gez": "Ethi",
	"hy": "Armn", "hyw": "Armn", "ka": "Geor", "xmf": "Geor",
	"zh": "Hans", "yue": "Hant", "ja": "Jpan", "ko": "Kore",
	"he": "Hebr", "yi": "Hebr", "bn": "Beng", "as": "Beng", "ta": "Taml", "te": "Telu", "kn": "Knda", "ml": "Mlym",
	"gu": "Gujr", "pa": "Guru", "or": "Orya", "si": "Sinh", "th": "Thai", "lo": "Laoo", "km": "Khmr", "my": "Mymr",
	"bo": "Tibt", "dz": "Tibt", "zgh": "Tfng", "dv": "Thaa", "syr": "Syrc", "arc": "Syrc", "chr": "Cher", "nqo": "Nkoo",
}

var rightToLeft = map[string]bool{
	"Arab": true, "Aran": true, "Hebr": true, "Syrc": true, "Thaa": true, "Nkoo": true,
}

// scriptOf is the ISO 15924 script in which a language is written, "Latn" when nothing else is known.
func scriptOf(tag string) string {
	parts := strings.FieldsFunc(tag, func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) == 0 {
		return "Latn"
	}
	language := strings.ToLower(parts[0])
	for _, p := range parts[1:] {
		if len(p) == 1 {
			break // private use and extensions
		}
		if len(p) == 4 && p[0] > '9' {
			s := strings.ToUpper(p[:1]) + strings.ToLower(p[1:])
			if s == "Arab" && languageScripts[language] == "Aran" {
				return "Aran"
			}
			return s
		}
		if up := strings.ToUpper(p); language == "zh" && (up == "TW" || up == "HK" || up == "MO") {
			return "Hant"
		}
	}
	if s, ok := languageScripts[language]; ok {
		return s
	}
	return "Latn"
}

// familyOf is the index of the family for a language, and whether there is one.
func familyOf(tag string) (int, bool) {
	script := scriptOf(tag)
	for i, f := range families {
		for _, s := range f.scripts {
			if s == script {
				return i, true
			}
		}
	}
	return latinFamily, false
}

// direction resolves Auto by the script of the language.
func direction(d Dir, lang string) Dir {
	if d != Auto {
		return d
	}
	if rightToLeft[scriptOf(lang)] {
		return RTL
	}
	return LTR
}

// Supports tells whether the program has the font of the language's script, and brings it along.
func Supports(tag string) bool {
	f, ok := familyOf(tag)
	return ok && tag != "" && !lacks(f, false)
}

// Missing lists the font files that are not in the program; bin/setup brings them. The caller says so at start in one
// line: without them press answers with a *FontError.
func Missing() []string {
	var names []string
	for i, f := range families {
		if lacks(i, false) {
			names = append(names, f.file+"-Regular.ttf")
		}
		if f.bold && lacks(i, true) {
			names = append(names, f.file+"-Bold.ttf")
		}
	}
	return names
}

func lacks(fam int, bold bool) bool {
	_, err := fs.Stat(fontFiles, "fonts/"+fileName(fam, bold))
	return err != nil
}

func fileName(fam int, bold bool) string {
	if bold && families[fam].bold {
		return families[fam].file + "-Bold.ttf"
	}
	return families[fam].file + "-Regular.ttf"
}

// loaded holds each font once it is parsed; fonts are immutable and shared by all documents.
var loaded = make([]struct {
	once sync.Once
	font *typeface
	err  error
}, 2*len(families))

// faceOf parses the font at first use. A family without bold gives its regular weight.
func faceOf(fam int, bold bool) (*typeface, error) {
	i := 2 * fam
	if bold && families[fam].bold {
		i++
	}
	l := &loaded[i]
	l.once.Do(func() {
		name := fileName(fam, bold)
		raw, err := fontFiles.ReadFile("fonts/" + name)
		if err != nil {
			l.err = &FontError{File: name, Err: errors.New("is not there")}
			return
		}
		if l.font, err = parseTypeface(i, strings.TrimSuffix(name, ".ttf"), raw); err != nil {
			l.err = &FontError{File: name, Err: err}
		}
	})
	return l.font, l.err
}
