package roster

import (
	"regexp"
	"strings"

	"golang.org/x/text/language"
)

// One line a language: its tag, then the words for it in Dutch, French, English and its own tongue, parted by commas.
// Words are compared folded. A tag after "?" means: the word is used for several languages, this is the likeliest one
// here, and somebody should ask the family.
const langTable = `
nl: Nederlands, néerlandais, Dutch, Vlaams, flamand, Flemish, NL Nederlands, nederlandstalig, néerlandophone, Hollands
fr: Frans, français, French, franstalig, francophone, Waals Frans
en: Engels, anglais, English, engelstalig, anglophone
de: Duits, allemand, German, Deutsch, duitstalig
ar: Arabisch, arabe, Arabic, standaard Arabisch, modern standaard Arabisch, arabe standard, arabe littéraire, العربية, عربي
ary: Marokkaans Arabisch, arabe marocain, Moroccan Arabic, Darija, Marokkaans-Arabisch, arabe dialectal marocain, Arabisch Marokkaans, Arabisch Marokko, الدارجة, arabe (Maroc)
arq: Algerijns Arabisch, arabe algérien, Algerian Arabic, Algerijns
aeb: Tunesisch Arabisch, arabe tunisien, Tunisian Arabic
arz: Egyptisch Arabisch, arabe égyptien, Egyptian Arabic, Egyptisch
apc: Syrisch Arabisch, arabe syrien, Levantijns Arabisch, arabe levantin, Levantine Arabic, Libanees Arabisch, arabe libanais, Syrian Arabic, Syrisch, Libanees
acm: Iraaks Arabisch, arabe irakien, Iraqi Arabic, Iraaks
rif: Tarifit, Riffijns, rifain, Riffian, Rif, Rifberbers, Rif-Berbers, Tarifiyt, Tmazight n Arif
zgh: Tamazight, Standaard Marokkaans Tamazight, Standard Moroccan Tamazight, ⵜⴰⵎⴰⵣⵉⵖⵜ
shi: Tashelhit, Tachelhit, chleuh, Shilha, Tasjelhit, Soussi, Sjilha
kab: Kabylisch, kabyle, Kabyle, Taqbaylit
tr: Turks, turc, Turkish, Türkçe
ku: Koerdisch, kurde, Kurdish, Kurdî
kmr: Kurmanci, Kurmanji, Noord-Koerdisch, kurmandji
ckb: Sorani, Centraal-Koerdisch, soranî, سۆرانی
pl: Pools, polonais, Polish, polski
ro: Roemeens, roumain, Romanian, română, Moldavisch, moldave, Moldovan
bg: Bulgaars, bulgare, Bulgarian, български
es: Spaans, espagnol, Spanish, español, castellano, Castiliaans
ca: Catalaans, catalan, Catalan, català
eu: Baskisch, basque, Basque, euskara
gl: Galicisch, galicien, Galician
pt: Portugees, portugais, Portuguese, português
pt-BR: Braziliaans, brésilien, Brazilian, Braziliaans Portugees, portugais brésilien, Brazilian Portuguese, portugais (Brésil), Portugees (Brazilië)
it: Italiaans, italien, Italian, italiano
el: Grieks, grec, Greek, ελληνικά
uk: Oekraïens, ukrainien, Ukrainian, українська
ru: Russisch, russe, Russian, русский
be: Wit-Russisch, Belarussisch, biélorusse, Belarusian
sq: Albanees, albanais, Albanian, shqip, Kosovaars, Kosovaars Albanees
sr: Servisch, serbe, Serbian, srpski
hr: Kroatisch, croate, Croatian, hrvatski
bs: Bosnisch, bosniaque, Bosnian, bosanski, bosnien
sh: Servo-Kroatisch, serbo-croate, Serbo-Croatian, Joegoslavisch
mk: Macedonisch, macédonien, Macedonian
sl: Sloveens, slovène, Slovenian, Slovene
sk: Slovaaks, Slowaaks, slovaque, Slovak, slovenčina
cs: Tsjechisch, tchèque, Czech, čeština
hu: Hongaars, hongrois, Hungarian, magyar
lt: Litouws, lituanien, Lithuanian
lv: Lets, letton, Latvian
et: Ests, Estisch, estonien, Estonian
fi: Fins, finnois, Finnish, suomi
sv: Zweeds, suédois, Swedish, svenska
nb: Noors, norvégien, Norwegian, norsk
da: Deens, danois, Danish, dansk
is: IJslands, islandais, Icelandic
ga: Iers, irlandais, Irish
mt: Maltees, maltais, Maltese
lb: Luxemburgs, luxembourgeois, Luxembourgish
fy: Fries, frison, Frisian, Frysk
rom: Romani, Romanes, Roma, romani, tsigane, Romany, Sinti
hy: Armeens, arménien, Armenian, հայերեն
ka: Georgisch, géorgien, Georgian, ქართული
az: Azerbeidzjaans, azéri, Azerbaijani, azerbaïdjanais, Azeri
ce: Tsjetsjeens, tchétchène, Chechen
av: Avaars, avar, Avar
os: Ossetisch, ossète, Ossetian
kk: Kazachs, kazakh, Kazakh
uz: Oezbeeks, ouzbek, Uzbek
tg: Tadzjieks, tadjik, Tajik
tk: Turkmeens, turkmène, Turkmen
ky: Kirgizisch, kirghize, Kyrgyz
tt: Tataars, tatar, Tatar
mn: Mongools, mongol, Mongolian
fa: Perzisch, persan, Persian, Farsi, Iraans, فارسی
fa-AF: Dari, Afghaans Perzisch, Afghan Persian, دری
ps: Pasjtoe, Pashto, pachto, pachtou, Pashtu, Pashtoe, Pasjto, پښتو
haz: Hazaragi, Hazara, hazaragi
ur: Urdu, Oerdoe, ourdou, اردو, Pakistaans
pa: Punjabi, Pendjabi, Panjabi, pendjabi, Punjab
hi: Hindi, Hindoe, हिन्दी
bn: Bengaals, Bengali, bengali, Bangla, বাংলা
ne: Nepalees, Nepali, népalais, नेपाली
si: Singalees, Singhalees, cinghalais, Sinhala
ta: Tamil, tamoul, தமிழ்
te: Telugu, télougou, Teloegoe
ml: Malayalam
kn: Kannada
mr: Marathi
gu: Gujarati, goujarati, Gujerati
bal: Baloetsji, Balochi, baloutchi
zh: Chinees, chinois, Chinese, Mandarijn, mandarin, Mandarin, 中文, 汉语, Putonghua
yue: Kantonees, cantonais, Cantonese, 粤语, 廣東話
wuu: Wu, Shanghainees
ja: Japans, japonais, Japanese, 日本語
ko: Koreaans, coréen, Korean, 한국어
vi: Vietnamees, vietnamien, Vietnamese, tiếng Việt
th: Thais, thaï, Thai, thaïlandais, Thailands, ไทย
km: Khmer, Cambodjaans, cambodgien
lo: Laotiaans, Lao, laotien
my: Birmaans, Burmees, birman, Burmese
bo: Tibetaans, tibétain, Tibetan, བོད་སྐད
id: Indonesisch, indonésien, Indonesian, bahasa Indonesia
ms: Maleis, malais, Malay
fil: Filipijns, Tagalog, tagalog, philippin, Filipino
ceb: Cebuano
so: Somalisch, Somali, somali, Soomaali, Somalisch (Maay)
ti: Tigrinya, Tigrigna, tigrinya, Tigrinja, ትግርኛ
am: Amhaars, Amharisch, amharique, Amharic, አማርኛ
om: Oromo, Afaan Oromo
aa: Afar
sw: Swahili, Kiswahili, souahéli
rw: Kinyarwanda, Rwandees, rwandais
rn: Kirundi, Rundi, Burundees
ln: Lingala
lua: Tshiluba, Luba-Kasai, Tshilouba
kg: Kikongo, Kongo
lg: Luganda, Ganda
ff: Fula, Fulani, Peul, Pular, Fulfulde, Fulbe, Poular, Fulah, peulh
wo: Wolof
bm: Bambara, Bamanan
man: Mandinka, Mandingo, Mandingue
dyu: Dioula, Dyula
snk: Soninké, Soninke
sus: Susu, Soussou
ak: Akan, Twi, Fante, Asante
ee: Ewe
gaa: Ga
ha: Hausa, Haoussa
yo: Yoruba
ig: Igbo, Ibo
edo: Edo, Bini
pcm: Nigeriaans Pidgin, Nigerian Pidgin, Pidgin
kri: Krio
sn: Shona
zu: Zulu, Zoeloe
xh: Xhosa
af: Afrikaans, afrikaans
mg: Malagassisch, malgache, Malagasy
ht: Haïtiaans, Haïtiaans Creools, créole haïtien, Haitian Creole, Haïtiaans Creool
kea: Kaapverdisch, Kaapverdisch Creools, capverdien, créole capverdien, Cape Verdean Creole
mfe: Mauritiaans Creools, créole mauricien
pap: Papiaments, Papiamento, papiamento, Papiamentu
srn: Surinaams, Sranan, Sranan Tongo, Sranantongo, Taki Taki
hns: Sarnami, Hindoestaans, Sarnami Hindoestani
he: Hebreeuws, hébreu, Hebrew, Ivriet, עברית
yi: Jiddisch, yiddish, Yiddish
arc: Aramees, araméen, Aramaic
syr: Syrisch-Aramees, Suryoyo, Assyrisch, assyrien, Suret, syriaque, Assyrian
tru: Turoyo, Surayt
la: Latijn, latin
vgt: Vlaamse Gebarentaal, VGT
dse: Nederlandse Gebarentaal, NGT
sfb: LSFB, langue des signes de Belgique francophone
rif?: Berbers, berbère, Berber, Amazigh, Imazighen, Marokkaans Berbers, berbère marocain, tamazight (Maroc), Berbers (Marokko)
ary?: Marokkaans, marocain, Moroccan, Marokko, Maroc
fa-AF?: Afghaans, afghan, Afghan, Afghanistan
en?: Nigeriaans, Ghanees, Ghanéen
`

type langWord struct {
	tag   string
	doubt bool
}

var langWords = func() map[string]langWord {
	m := map[string]langWord{}
	for _, line := range strings.Split(strings.TrimSpace(langTable), "\n") {
		tag, list, _ := strings.Cut(line, ":")
		tag, doubt := strings.CutSuffix(tag, "?")
		for _, w := range strings.Split(list, ",") {
			m[fold(w)] = langWord{tag, doubt}
		}
	}
	return m
}()

// ISO 639-2 has two codes for some languages, and registers use either; these are the ones that x/text does not map.
var oldCodes = map[string]string{"dut": "nl", "fre": "fr", "ger": "de", "alb": "sq", "arm": "hy", "chi": "zh", "per": "fa", "rum": "ro",
	"gre": "el", "cze": "cs", "slo": "sk", "geo": "ka", "mac": "mk", "baq": "eu", "bur": "my", "tib": "bo", "may": "ms", "ice": "is", "cmn": "zh", "prs": "fa-AF",
	"tgl": "fil", "tl": "fil", "ber": "rif?", "zxx": "", "und": ""}

// ParseLang turns a word or a code for one language into its BCP 47 tag. doubt is true where the word is used for more
// than one language ("Berbers"), and the tag is the likeliest; ok is false where the word is not known.
func ParseLang(s string) (tag string, doubt, ok bool) {
	f := fold(s)
	if w, ok := langWords[f]; ok {
		return w.tag, w.doubt, true
	}
	for _, drop := range []string{"taal ", "langue ", "de ", "het "} {
		if w, ok := langWords[strings.TrimPrefix(f, drop)]; ok {
			return w.tag, w.doubt, true
		}
	}
	if t, ok := oldCodes[f]; ok && t != "" {
		t, doubt = strings.CutSuffix(t, "?")
		return t, doubt, true
	}
	code := strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if len(code) < 2 || len(code) > 12 || !langCode.MatchString(code) {
		return "", false, false
	}
	t, err := language.Parse(code)
	if err != nil || t == language.Und {
		return "", false, false
	}
	if b, conf := t.Base(); conf == language.Exact && len(code) <= 3 {
		return b.String(), false, true
	}
	return t.String(), false, true
}

var (
	langCode  = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)
	langCut   = regexp.MustCompile(`\s*[,;/&+|\n]\s*|\s+-\s+`)
	langWord2 = regexp.MustCompile(`(?i)\s+(?:en|et|and|ou|of|or)\s+`)
	tagAhead  = regexp.MustCompile(`^([A-Za-z]{2,3})\s*[-–:=(]\s*(\pL[\pL -]+)\)?$`)
	bracketed = regexp.MustCompile(`\s*\([^()]*\)\s*`)
)

// langsIn reads all languages of a cell, in order. unsure are the tags of doubtful words with the word; bad the unknown words.
func langsIn(cell string) (tags []string, unsure, bad []string) {
	cell = clean(cell)
	if empty(cell) {
		return nil, nil, nil
	}
	one := func(s string) bool {
		tag, doubt, ok := ParseLang(s)
		if !ok {
			if m := tagAhead.FindStringSubmatch(s); m != nil { // "NLD - Nederlands"
				tag, doubt, ok = ParseLang(m[2])
			}
		}
		if !ok {
			if bare := bracketed.ReplaceAllString(s, " "); bare != s { // "Arabisch (Syrië)"
				tag, doubt, ok = ParseLang(strings.TrimSpace(bare))
			}
		}
		if ok {
			tags = addOnce(tags, tag)
			if doubt {
				unsure = append(unsure, s)
			}
		}
		return ok
	}
	if one(cell) {
		return tags, unsure, nil
	}
	for _, piece := range langCut.Split(cell, -1) {
		if empty(piece) || one(piece) {
			continue
		}
		for _, w := range langWord2.Split(piece, -1) {
			if !empty(w) && !one(strings.TrimSpace(w)) {
				bad = append(bad, w)
			}
		}
	}
	return tags, unsure, bad
}
