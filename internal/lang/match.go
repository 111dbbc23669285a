package lang

import (
	"slices"
	"strconv"
	"strings"
)

// aliases turns codes that lists and browsers use into the BCP 47 tag that Brug keeps: retired codes, ISO 639-2 and -3
// codes of languages that have a shorter one, and varieties that read the texts of a larger one. CLDR's alias list, cut
// down to what has been met in school exports.
var aliases = map[string]string{
	"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "tl": "fil", "tgl": "fil", "nb": "no", "nn": "no",
	"prs": "fa-AF", "pes": "fa", "kmr": "ku", "als": "sq", "aln": "sq", "arb": "ar", "cmn": "zh", "pbu": "ps", "pst": "ps",
	"nld": "nl", "dut": "nl", "vls": "nl", "fra": "fr", "fre": "fr", "eng": "en", "ara": "ar", "tur": "tr", "pol": "pl",
	"ron": "ro", "rum": "ro", "bul": "bg", "spa": "es", "por": "pt", "ukr": "uk", "rus": "ru", "sqi": "sq", "alb": "sq",
	"fas": "fa", "per": "fa", "pus": "ps", "urd": "ur", "som": "so", "tir": "ti", "ita": "it", "deu": "de", "ger": "de",
	"zho": "zh", "chi": "zh", "amh": "am", "ben": "bn", "bos": "bs", "ces": "cs", "cze": "cs", "dan": "da", "ell": "el",
	"gre": "el", "est": "et", "ful": "ff", "fin": "fi", "guj": "gu", "hau": "ha", "heb": "he", "hin": "hi", "hrv": "hr",
	"hun": "hu", "hye": "hy", "arm": "hy", "ind": "id", "ibo": "ig", "jpn": "ja", "kat": "ka", "geo": "ka", "kaz": "kk",
	"kor": "ko", "kur": "ku", "lin": "ln", "lit": "lt", "lav": "lv", "mkd": "mk", "mac": "mk", "mon": "mn", "khk": "mn",
	"nep": "ne", "npi": "ne", "nor": "no", "orm": "om", "pan": "pa", "pnb": "pa-Arab", "run": "rn", "kin": "rw", "slk": "sk",
	"slo": "sk", "slv": "sl", "srp": "sr", "swe": "sv", "swa": "sw", "swh": "sw", "tam": "ta", "tel": "te", "tha": "th",
	"uzb": "uz", "vie": "vi", "wol": "wo", "yor": "yo", "aze": "az", "azj": "az", "bel": "be", "cat": "ca", "afr": "af",
	"aka": "ak", "twi": "tw", "aii": "syr", "cld": "syr", "rmy": "rom", "rmn": "rom", "mya": "my", "bur": "my", "khm": "km",
}

// Canonical writes a BCP 47 tag as Brug keeps it: language small, script with a capital, region in capitals, underscores
// as hyphens, known aliases replaced, extensions and private use dropped. "" for what cannot be a tag.
func Canonical(tag string) string {
	if simple(tag) {
		return tag
	}
	parts := strings.FieldsFunc(tag, func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) == 0 {
		return ""
	}
	language := strings.ToLower(strings.TrimSpace(parts[0]))
	if len(language) < 2 || len(language) > 8 || !ascii(language) {
		return ""
	}
	out := []string{language}
	if to, ok := aliases[language]; ok {
		out = strings.Split(to, "-")
	}
	for _, p := range parts[1:] {
		if len(p) == 1 || !ascii(p) {
			break
		}
		switch {
		case len(p) == 4 && p[0] > '9':
			p = strings.ToUpper(p[:1]) + strings.ToLower(p[1:])
		case len(p) <= 3:
			p = strings.ToUpper(p)
		default:
			p = strings.ToLower(p)
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return strings.Join(out, "-")
}

// simple tells a tag that needs no rewriting: two small letters, and no alias.
func simple(tag string) bool {
	if len(tag) != 2 || tag[0] < 'a' || tag[0] > 'z' || tag[1] < 'a' || tag[1] > 'z' {
		return false
	}
	_, alias := aliases[tag]
	return !alias
}

func ascii(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}

// parent drops the last part of a tag; "" after the language.
func parent(tag string) string {
	i := strings.LastIndexByte(tag, '-')
	return tag[:max(i, 0)]
}

// script is the four-letter part of a canonical tag, or "".
func script(tag string) string {
	for i, p := range strings.Split(tag, "-") {
		if i > 0 && len(p) == 4 {
			return p
		}
	}
	return ""
}

// Match picks from have the language that an Accept-Language header asks for first, by its weights and then its order.
// A wish for a variety is met by the language and the other way round (pt-BR by pt, pt by pt-BR); def if nothing fits.
func Match(acceptLanguage string, have []string, def string) string {
	type wish struct {
		tag string
		q   float64
	}
	var wishes []wish
	for _, part := range strings.SplitN(acceptLanguage, ",", 32) {
		tag, params, _ := strings.Cut(part, ";")
		w := wish{Canonical(strings.TrimSpace(tag)), 1}
		if q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			f, err := strconv.ParseFloat(q, 64)
			if err != nil {
				continue
			}
			w.q = f
		}
		if w.tag != "" && w.q > 0 {
			wishes = append(wishes, w)
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int {
		switch {
		case a.q > b.q:
			return -1
		case a.q < b.q:
			return 1
		}
		return 0
	})
	for _, w := range wishes {
		for t := w.tag; t != ""; t = parent(t) {
			for _, h := range have {
				if Canonical(h) == t {
					return h
				}
			}
		}
		for _, h := range have {
			if parent(Canonical(h)) == w.tag {
				return h
			}
		}
	}
	return def
}
