package reply

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Own cuts off what a mail program added to a person's own words: the quoted letter, and the signature of the program or the
// person. It knows how programs say "… wrote:" in the languages of our families. Words between quoted lines stay; where
// nothing would be left, all but the quoted lines does.
func Own(text string) string {
	lines := strings.Split(plainLines(text), "\n")
	own := cutSignature(cutQuotes(lines))
	if said := tidy(own); said != "" {
		return said
	}
	var rest []string
	for _, l := range lines {
		if !isQuoted(l) {
			rest = append(rest, l)
		}
	}
	if rest = cutSignature(rest); !onlyFrame(rest) {
		return tidy(rest)
	}
	return ""
}

// plainLines brings line ends, invisible spaces and other left-overs of mail programs into one form. The marks that Persian and
// Arabic need within words stay.
func plainLines(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\ufeff", "", "\x00", "", "\u00ad", "", "\u00a0", " ", "\u202f", " ", "\t", " ").Replace(s)
	return s
}

// tidy puts lines together: no space at their ends, never two empty ones, none around.
func tidy(lines []string) string {
	var out []string
	for _, l := range lines {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

func isQuoted(line string) bool {
	l := strings.TrimLeft(line, " \u200e\u200f\u202a\u202b")
	return strings.HasPrefix(l, ">") || strings.HasPrefix(l, "＞")
}

// cutQuotes leaves out quoted lines with what introduces them, and everything after the head of a letter that is not quoted by
// signs.
func cutQuotes(lines []string) []string {
	var out []string
	for i := 0; i < len(lines); i++ {
		switch line := lines[i]; {
		case isQuoted(line):
			continue
		case isDivider(line) && tidy(lines[i+1:]) != "":
			return trimRules(out)
		case isHeader(lines[i:]):
			return trimRules(out)
		default:
			n := introduces(lines[i:])
			if n == 0 {
				out = append(out, line)
				continue
			}
			i += n - 1
			if !quotedNext(lines[i+1:]) {
				return trimRules(out) // what follows is the old letter, not marked by signs
			}
		}
	}
	return out
}

// quotedNext tells whether the next line that says something is a quoted one.
func quotedNext(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return isQuoted(l)
		}
	}
	return false
}

// rule is a line of strokes only.
var rule = regexp.MustCompile(`^\s*[-_=*—–]{3,}\s*$`)

// trimRules takes away strokes and empty lines before what was cut.
func trimRules(lines []string) []string {
	for len(lines) > 0 {
		last := lines[len(lines)-1]
		if strings.TrimSpace(last) != "" && !rule.MatchString(last) {
			break
		}
		lines = lines[:len(lines)-1]
	}
	return lines
}

// divider is a line like "----- Original Message -----", in any language.
var divider = regexp.MustCompile(`^\s*[-_=]{4,}\s*[^\s\-_=][^\n]{1,60}?\s*[-_=]{4,}\s*$`)

func isDivider(line string) bool { return divider.MatchString(line) }

// Words with which programs begin the lines at the head of an old letter, by what they tell.
var headWords = map[string]string{}

func init() {
	for kind, words := range map[string]string{
		"from":    "from|van|de|von|da|od|de la|от|від|kimden|gönderen|من|از|از طرف|منجانب|فرستنده|nga|发件人|寄件者|寄件人|ካብ|ka|له|expeditor|expéditeur|afzender|remitente|mittente|absender|remetente|nadawca",
		"date":    "sent|date|verzonden|datum|envoyé|envoyé le|gesendet|enviado|enviado el|enviada|enviada em|fecha|data|inviato|wysłano|wysłane|trimis|отправлено|дата|изпратено|надіслано|відправлено|tarih|gönderildi|gönderme tarihi|gönderilme|gönderim|التاريخ|تاريخ|تاريخ الإرسال|تم الإرسال|أرسلت|ارسال شده|تاریخ|فرستاده شده|dërguar|dërguar më|发送时间|发送日期|日期|时间|ዕለት|taariikh|taariikhda|نېټه",
		"to":      "to|aan|à|an|para|a|do|către|catre|кому|до|kime|alıcı|إلى|الى|به|بنام|گیرنده|për|drejtuar|收件人|ናብ|ku|ته",
		"subject": "subject|onderwerp|objet|betreff|asunto|oggetto|assunto|temat|subiect|subiectul|тема|относно|konu|الموضوع|موضوع|subjekti|tema|主题|主旨|ኣርእስቲ|ujeeddo|mawduuc|عنوان",
	} {
		for _, w := range strings.Split(words, "|") {
			headWords[w] = kind
		}
	}
}

// headOf tells which line of a head this is; "" for none.
func headOf(line string) string {
	name, value, ok := strings.Cut(strings.Replace(line, "：", ":", 1), ":")
	if !ok || len(name) > 60 || strings.TrimSpace(strings.Trim(value, "* ")) == "" {
		return ""
	}
	return headWords[strings.ToLower(strings.TrimFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }))]
}

// isHeader tells whether an old letter begins here with its head: who, when, to whom, what about. Three of the four, the first
// of them here, in lines that follow each other.
func isHeader(lines []string) bool {
	first := headOf(lines[0])
	if first != "from" && first != "date" && first != "to" {
		return false
	}
	kinds := map[string]bool{}
	for i, l := range lines {
		if i == 8 || strings.TrimSpace(l) == "" && i > 0 {
			break
		}
		if k := headOf(l); k != "" {
			kinds[k] = true
		}
	}
	return kinds["from"] && len(kinds) >= 3
}

// wrote are the words for "wrote" before a quotation, as programs say them.
var wrote = regexp.MustCompile(`(?i)(wrote|schreef|geschreven|a écrit|écrivait|schrieb|geschrieben|escribió|escribio|ha scritto|scrisse|escreveu|napisał|napisala|pisze|wiadomość napisana|a scris|написал|написала|пишет|писал|написа|писа|пише|написав|şunu yazdı|şunları yazdı|yazdı|تمت كتابة|كتب|نوشت|نوشته|نے لکھا|لکھا|وليکل|ولیکل|shkroi|ka shkruar|写道|寫道|写到|ጽሒፉ|ጽሒፋ|ayaa qoray|wuu qoray|qoray)`)

// moment is a year or a time of day, in ASCII digits.
var moment = regexp.MustCompile(`(?:^|\D)(?:20\d\d|14\d\d|\d{1,2}[:.h]\d{2})(?:\D|$)`)

var address = regexp.MustCompile(`[^\s<>(),;:]+@[^\s<>(),;:]+\.[^\s<>(),;:]+`)

// longestIntroduction in lines and signs: programs break it after 60 to 80 signs.
const introductionLines, introductionSigns = 4, 500

// introduces tells how many lines, from the first on, say "… wrote:"; 0 if they do not. When its last line stands far down, the
// fewest lines before it are taken: a person's own words may stand right above.
func introduces(lines []string) int {
	if strings.TrimSpace(lines[0]) == "" {
		return 0
	}
	for n := 1; n <= min(introductionLines, len(lines)); n++ {
		last := strings.TrimFunc(lines[n-1], func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '*' || r == '_' })
		if last == "" && n < 3 && n > 1 { // an empty line within, as some write before the address
			continue
		}
		if isQuoted(lines[n-1]) {
			return 0
		}
		if !strings.HasSuffix(last, ":") && !strings.HasSuffix(last, "：") {
			continue
		}
		for from := n - 1; from > 0; from-- { // fewer lines would do: then the first is not part of it
			if saysWrote(lines[from:n], false) {
				return 0
			}
		}
		if saysWrote(lines[:n], n == 1 && quotedNext(lines[n:])) {
			return n
		}
		return 0
	}
	return 0
}

// saysWrote wants somebody who wrote, and when; without a time only right before a quotation.
func saysWrote(lines []string, quoted bool) bool {
	s := asciiDigits(strings.Join(lines, " "))
	if len(s) > introductionSigns {
		return false
	}
	when, who, did := moment.MatchString(s), address.MatchString(s), wrote.MatchString(s)
	return did && (when || quoted && who) || who && when && !strings.Contains(s, "?")
}

// asciiDigits writes the digits of all scripts as 0 to 9.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		}
		return r
	}, s)
}

// Words for "sent" at the beginning or end of a telephone's signature, and what a telephone or its mail program is called.
var (
	sent = regexp.MustCompile(`(?i)^(sent (from|via|with|by|using)|verstuurd|verzonden|envoyé|gesendet|von |enviado|inviato|wysłan|trimis|отправлено|отправлен|надіслано|изпратено|gönderil|أرسل|أُرسل|مرسل|تم الإرسال|ارسال شده|ارسال|فرستاده|بھیجا|dërguar|发自|來自|从我的|ካብ|waxaa laga|get |download|obten|obtén|télécharge|scarica|pobierz|получите|отримайте|الحصول|دریافت|获取)` +
		`|(gesendet|gönderildi|gönderilmiştir|edinin|indirin|herunterladen|downloaden|ophalen|verzonden|verstuurd|发送)[.!]?$`)
	device = regexp.MustCompile(`(?i)(iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|nokia|blackberry|smartphone|windows phone|mobile device|mobile phone|mobiel|mobile|telefoon|téléphone|handy|telefon|teléfono|telemóvel|cellulare|телефон|الهاتف|هاتف|گوشی|手机|outlook|yahoo|gmail|proton ?mail|k-9|thunderbird|gmx|web\.de|orange|proximus|telenet|free\.fr|ios\b)`)
)

// isSignature tells whether a line is what a telephone or program puts below a mail by itself.
func isSignature(line string) bool {
	l := strings.TrimFunc(line, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '*' || r == '_' })
	l = strings.TrimSpace(link.ReplaceAllString(l, ""))
	if utf8.RuneCountInString(l) > 70 || strings.ContainsAny(l, ",?") || strings.HasSuffix(l, ".") && !strings.Contains(strings.ToLower(l), "mail") {
		return false
	}
	return sent.MatchString(l) && device.MatchString(l)
}

var link = regexp.MustCompile(`[<\[(]?https?://[^\s>\])]+[>\])]?`)

// cutSignature cuts at the line "-- ", and takes away the lines that telephones add at the end.
func cutSignature(lines []string) []string {
	for i, l := range lines {
		if t := strings.TrimRight(l, " "); (t == "--" || t == "—" || isFooter(lines[i:])) && tidy(lines[:i]) != "" {
			lines = lines[:i]
			break
		}
	}
	for {
		lines = trimRules(lines)
		if len(lines) == 0 || !isSignature(lines[len(lines)-1]) {
			return lines
		}
		lines = lines[:len(lines)-1]
	}
}

// isFooter tells whether a stroke begins here, with a few lines and a link below it, and nothing more: a list or a firm adds them.
func isFooter(lines []string) bool {
	if !rule.MatchString(lines[0]) || len(strings.TrimSpace(lines[0])) < 20 || len(lines) > 8 {
		return false
	}
	return link.MatchString(strings.Join(lines[1:], " "))
}

// onlyFrame tells whether lines are nothing but heads and introductions: nobody said anything.
func onlyFrame(lines []string) bool {
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if strings.TrimSpace(l) == "" || rule.MatchString(l) || isDivider(l) {
			continue
		}
		if isHeader(lines[i:]) {
			return true
		}
		n := introduces(lines[i:])
		if n == 0 {
			return false
		}
		if !quotedNext(lines[i+n:]) {
			return true
		}
		i += n - 1
	}
	return true
}
