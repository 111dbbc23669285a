package lang

import "slices"

// Info is a language that can be set for a family.
type Info struct {
	Tag         string // BCP 47, as Canonical writes it
	Dir         string // "ltr" or "rtl"
	Endonym     string // its name in itself, with a capital where the script has one
	SpokenFirst bool   // many who speak it never learnt to read it: a recorded voice comes first
	Texts       bool   // Brug has texts in it (it is one of Family); else the family gets Dutch, pictograms and voice
}

// known holds the languages other than by texts. The endonyms follow CLDR where it has them, else the Wikipedia in that
// language or, for Tarifit, Tachelhit and Romani, the name that speakers in Belgium and the Netherlands write.
var known = []Info{
	{Tag: "nl", Endonym: "Nederlands"},
	{Tag: "fr", Endonym: "Français"},
	{Tag: "en", Endonym: "English"},
	{Tag: "ar", Endonym: "العربية", Dir: "rtl"},
	{Tag: "tr", Endonym: "Türkçe"},
	{Tag: "pl", Endonym: "Polski"},
	{Tag: "ro", Endonym: "Română"},
	{Tag: "bg", Endonym: "Български"},
	{Tag: "es", Endonym: "Español"},
	{Tag: "pt", Endonym: "Português"},
	{Tag: "uk", Endonym: "Українська"},
	{Tag: "ru", Endonym: "Русский"},
	{Tag: "sq", Endonym: "Shqip"},
	{Tag: "fa", Endonym: "فارسی", Dir: "rtl"},
	{Tag: "ps", Endonym: "پښتو", Dir: "rtl"},
	{Tag: "ur", Endonym: "اردو", Dir: "rtl"},
	{Tag: "so", Endonym: "Soomaali", SpokenFirst: true},
	{Tag: "ti", Endonym: "ትግርኛ", SpokenFirst: true},
	{Tag: "it", Endonym: "Italiano"},
	{Tag: "de", Endonym: "Deutsch"},
	{Tag: "zh", Endonym: "中文"},

	{Tag: "aa", Endonym: "Qafar", SpokenFirst: true},
	{Tag: "af", Endonym: "Afrikaans"},
	{Tag: "ak", Endonym: "Akan"},
	{Tag: "am", Endonym: "አማርኛ"},
	{Tag: "ary", Endonym: "الدارجة", Dir: "rtl", SpokenFirst: true},
	{Tag: "az", Endonym: "Azərbaycan dili"},
	{Tag: "be", Endonym: "Беларуская"},
	{Tag: "ber", Endonym: "Tamaziɣt", SpokenFirst: true},
	{Tag: "bn", Endonym: "বাংলা"},
	{Tag: "bs", Endonym: "Bosanski"},
	{Tag: "ca", Endonym: "Català"},
	{Tag: "ckb", Endonym: "کوردیی ناوەندی", Dir: "rtl"},
	{Tag: "cs", Endonym: "Čeština"},
	{Tag: "da", Endonym: "Dansk"},
	{Tag: "el", Endonym: "Ελληνικά"},
	{Tag: "et", Endonym: "Eesti"},
	{Tag: "fa-AF", Endonym: "دری", Dir: "rtl"},
	{Tag: "ff", Endonym: "Pulaar"},
	{Tag: "fi", Endonym: "Suomi"},
	{Tag: "fil", Endonym: "Filipino"},
	{Tag: "gu", Endonym: "ગુજરાતી"},
	{Tag: "ha", Endonym: "Hausa"},
	{Tag: "he", Endonym: "עברית", Dir: "rtl"},
	{Tag: "hi", Endonym: "हिन्दी"},
	{Tag: "hr", Endonym: "Hrvatski"},
	{Tag: "hu", Endonym: "Magyar"},
	{Tag: "hy", Endonym: "Հայերեն"},
	{Tag: "id", Endonym: "Indonesia"},
	{Tag: "ig", Endonym: "Igbo"},
	{Tag: "ja", Endonym: "日本語"},
	{Tag: "ka", Endonym: "ქართული"},
	{Tag: "kk", Endonym: "Қазақ тілі"},
	{Tag: "km", Endonym: "ខ្មែរ"},
	{Tag: "ko", Endonym: "한국어"},
	{Tag: "ku", Endonym: "Kurdî (kurmancî)"},
	{Tag: "ky", Endonym: "Кыргызча"},
	{Tag: "ln", Endonym: "Lingála"},
	{Tag: "lo", Endonym: "ລາວ"},
	{Tag: "lt", Endonym: "Lietuvių"},
	{Tag: "lv", Endonym: "Latviešu"},
	{Tag: "mk", Endonym: "Македонски"},
	{Tag: "ml", Endonym: "മലയാളം"},
	{Tag: "mn", Endonym: "Монгол"},
	{Tag: "mt", Endonym: "Malti"},
	{Tag: "my", Endonym: "မြန်မာ"},
	{Tag: "ne", Endonym: "नेपाली"},
	{Tag: "no", Endonym: "Norsk"},
	{Tag: "om", Endonym: "Afaan Oromoo"},
	{Tag: "pa", Endonym: "ਪੰਜਾਬੀ"},
	{Tag: "pa-Arab", Endonym: "پنجابی", Dir: "rtl"},
	{Tag: "pap", Endonym: "Papiamentu"},
	{Tag: "rif", Endonym: "Tarifit", SpokenFirst: true},
	{Tag: "rn", Endonym: "Ikirundi"},
	{Tag: "rom", Endonym: "Romani čhib"},
	{Tag: "rw", Endonym: "Ikinyarwanda"},
	{Tag: "shi", Endonym: "Tacelḥit", SpokenFirst: true},
	{Tag: "si", Endonym: "සිංහල"},
	{Tag: "sk", Endonym: "Slovenčina"},
	{Tag: "sl", Endonym: "Slovenščina"},
	{Tag: "sr", Endonym: "Српски"},
	{Tag: "srn", Endonym: "Sranantongo"},
	{Tag: "sv", Endonym: "Svenska"},
	{Tag: "sw", Endonym: "Kiswahili"},
	{Tag: "syr", Endonym: "ܣܘܪܝܝܐ", Dir: "rtl"},
	{Tag: "ta", Endonym: "தமிழ்"},
	{Tag: "te", Endonym: "తెలుగు"},
	{Tag: "tg", Endonym: "Тоҷикӣ"},
	{Tag: "th", Endonym: "ไทย"},
	{Tag: "tk", Endonym: "Türkmençe"},
	{Tag: "tw", Endonym: "Twi"},
	{Tag: "tzm", Endonym: "Tamaziɣt n laṭlaṣ", SpokenFirst: true},
	{Tag: "ug", Endonym: "ئۇيغۇرچە", Dir: "rtl"},
	{Tag: "uz", Endonym: "O‘zbek"},
	{Tag: "vi", Endonym: "Tiếng Việt"},
	{Tag: "wo", Endonym: "Wolof"},
	{Tag: "yi", Endonym: "ייִדיש", Dir: "rtl"},
	{Tag: "yo", Endonym: "Yorùbá"},
	{Tag: "yue", Endonym: "粵語"},
	{Tag: "zgh", Endonym: "ⵜⴰⵎⴰⵣⵉⵖⵜ", SpokenFirst: true},
}

var knownByTag = func() map[string]Info {
	m := make(map[string]Info, len(known))
	for i := range known {
		if known[i].Dir == "" {
			known[i].Dir = "ltr"
		}
		known[i].Texts = slices.Contains(Family, known[i].Tag)
		m[known[i].Tag] = known[i]
	}
	return m
}()

// Known lists the languages that can be set for a family: those with texts first, in the order of Family, then the
// others by tag. A family may speak another one still; any BCP 47 tag is kept. The slice is the caller's own.
func Known() []Info { return slices.Clone(known) }

// info finds a language, or the one it is a variety of.
func info(tag string) (Info, bool) {
	for t := Canonical(tag); t != ""; t = parent(t) {
		if i, ok := knownByTag[t]; ok {
			return i, true
		}
	}
	return Info{}, false
}

// Dir is "rtl" or "ltr" for any tag: by its script if it names one, else by its language. ltr if unknown.
func Dir(tag string) string {
	switch script(Canonical(tag)) {
	case "":
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	default:
		return "ltr"
	}
	if i, ok := info(tag); ok {
		return i.Dir
	}
	return "ltr"
}

// Endonym is a language's name in itself ("العربية"); the tag if nobody told us.
func Endonym(tag string) string {
	if i, ok := info(tag); ok {
		return i.Endonym
	}
	return tag
}

// Name is the name of the language tag in the language in ("Arabisch" for nl, ar), as it stands within a sentence of
// that language. Where CLDR has no such name it is the endonym, which its speakers can read and staff can search for.
func Name(in, tag string) string {
	data := For(in).data
	for t := Canonical(tag); t != ""; t = parent(t) {
		if n := data.names[t]; n != "" {
			return n
		}
		if _, ok := knownByTag[t]; ok {
			break
		}
	}
	return Endonym(tag)
}
