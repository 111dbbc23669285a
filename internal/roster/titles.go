package roster

import (
	"sort"
	"strconv"
	"strings"
)

// What a title can speak of, beside the parts of a guardian. Home and guardian parts share their names.
const (
	partBorn     Part = "born"
	partClass    Part = "class"
	partGrade    Part = "grade"
	partLetter   Part = "letterlang" // language to write in
	partUnwanted Part = "unwanted"   // known, and not read
)

// Words of titles in Dutch, French and English, and the commonest German ones, folded, without small words (de, la, of). Longer phrases win.
var titleWords = map[Part]string{
	ID: `nummer, nr, id, stamnummer, stamboeknummer, stamboek nummer, stamnr, registratienummer, matricule, numero, no, number, code, sis id, sourced id, identifier,
		key, sleutel, uid, pointer, internnummer, intern nummer, identifiant, ref, referentie, numero matricule, identificatie, admin nummer, administratienummer, student number`,
	Given: `voornaam, voornamen, roepnaam, prenom, prenoms, prenom usuel, given name, given names, first name, given, first, forename, forenames, firstname, givenname, doopnaam,
		preferred name, preferred given name, vorname`,
	Prefix: `tussenvoegsel, tussenvoegsels, voorvoegsel, voorvoegsels, tussenv, tv, particule, name prefix`,
	Family: `achternaam, familienaam, nom famille, family name, last name, lastname, surname, familyname, geslachtsnaam, nom naissance, last, family, achternamen, fam naam, nachname, familienname`,
	Name: `naam, nom, name, volledige naam, full name, fullname, nom complet, voornaam naam, prenom nom, voornaam achternaam, voornaam familienaam, first last name, first name last name, display name,
		weergavenaam, naam ouder, prenom nom famille, namen, noms, names, identite`,
	FamilyName: `naam voornaam, nom prenom, naam roepnaam, achternaam voornaam, familienaam voornaam, nom famille prenom, last name first name, surname first name, family name given name,
		name first name, nom prenoms, name firstname`,
	partBorn: `geboortedatum, geb datum, gebdatum, gebdat, geboren, geboren op, geb, date naissance, naissance, ne le, nee le, ne, birth date, birthdate, date birth, dob, born,
		birthday, datum geboorte, geboortedag, datenaissance, date nais, date naiss, naiss, geb dat, geburtsdatum`,
	partClass: `klas, klasse, klasgroep, klascode, klasnaam, stamklas, stamgroep, class, classe, homeroom, form, groepsnaam, groep, group, groupe, class name, klas groep, huidige klas,
		classe actuelle, registration group, tutor group, klasse naam, nom classe, naam klas, basisgroep`,
	partGrade: `leerjaar, jaargroep, jaar, graad, annee, annee etudes, annee scolaire eleve, grade, year, niveau, studiejaar, year group, degre, grade level, afdeling, onderwijsniveau`,
	Langs: `thuistaal, thuistalen, gezinstaal, moedertaal, taal thuis, taal, talen, home language, home languages, mother tongue, language, languages, langue, langues, langue maternelle,
		langue parlee maison, langue maison, langue familiale, spreektaal, eerste taal, taal gezin, native language, langue parlee, langues parlees, sprache, muttersprache, taal 1, thuis taal, language home, langue usuelle`,
	partLetter: `contacttaal, communicatietaal, taal communicatie, voertaal, correspondentietaal, langue contact, langue correspondance, langue communication, contact language, preferred language,
		taal brieven, correspondence language, briefwisseling taal, taal briefwisseling`,
	Email: `e mail, email, mail, mailadres, e mailadres, e mail adres, emailadres, email adres, courriel, adresse mail, adresse e mail, adresse email, adresse electronique, e post, mel, emailaddress,
		email address, e mail address, adresse courriel, mails, emails, e mails, mailadressen, emailadressen, e mailadressen`,
	Mobile: `gsm, gsm nummer, gsmnummer, gsm nr, mobiel, mobiele telefoon, mobiel nummer, mobile, mobile phone, portable, cell, cell phone, mobieltje, 06 nummer, cellphone, gsm s, numero gsm,
		telephone portable, tel portable, tel mobiel, tel gsm, telefoon mobiel, mobile number, sms, telefoon gsm, mobielnummer, tel mobile, handy, handynummer`,
	Phone: `telefoon, telefoonnummer, tel, tel nr, telnr, telephone, phone, phone number, vaste lijn, vast nummer, fixe, telefoon thuis, tel thuis, telefoonnr, tel fixe, telephone fixe, numero telephone,
		tel werk, telefoonnummers, telephones, contactnummer, home phone, work phone, telefon, telefonnummer`,
	Street:      `straat, straatnaam, rue, street, straat nummer, straat nr, rue numero, rue n, adreslijn 1, address line 1, adres 1, straat huisnummer, straat huisnr, street address, street name, adreslijn, strasse`,
	Number:      `huisnummer, huisnr, huis nr, house number, house no, numero maison, n maison, numero rue, street number, huis nummer, n rue`,
	Box:         `bus, busnummer, busnr, bus nr, boite, bte, box, toevoeging, huisnummertoevoeging, huisnr toevoeging, boite postale, bus nummer, huisletter`,
	Postcode:    `postcode, postnummer, code postal, cp, zip, zip code, postal code, pc, post code, postnr, codepostal, plz`,
	Town:        `gemeente, woonplaats, stad, plaats, localite, commune, ville, town, city, deelgemeente, hoofdgemeente, plaatsnaam, municipality, municipalite, ort, wohnort`,
	Country:     `land, pays, country, woonland`,
	FullAddress: `adres, adresse, address, volledig adres, adresse complete, full address, woonadres, thuisadres, domicilie, domicile, adresgegevens, home address, adresse domicile, verblijfplaats`,
	Related: `relatie, relatietype, relation, lien, lien parente, verwantschap, relationship, hoedanigheid, type contact, rol, role, relatie tot, aard relatie, familieband, type ouder, soort relatie,
		parente, type, soort contact, qualite`,
	partUnwanted: `nationaliteit, nationalite, nationality, geslacht, sexe, sex, gender, m v, v m, m f, g, rijksregisternummer, rijksregister, rijksregisternr, insz, numero national, registre national, niss, nrn, rrn, national number,
		national id, bsn, sofinummer, sofi, onderwijsnummer, geboorteplaats, lieu naissance, place birth, geboorteland, pays naissance, country birth, birth country, birth city, birth place, herkomst, land herkomst, pays origine, etniciteit,
		ethnicity, race, klasnummer, klasnr, klas nr, klas nummer, volgnummer, volgnr, rangnummer, numero ordre, n ordre, instroomdatum, uitstroomdatum, inschrijvingsdatum, datum inschrijving, date inscription, date entree, date sortie, enrolment date,
		enrollment date, start date, end date, begindatum, einddatum, beroep, profession, occupation, job, opmerking, opmerkingen, remarque, remarques, remarks, comment, comments, notes, nota, commentaar, leerkracht, titularis, klastitularis, klasleerkracht, titulaire,
		instituteur, institutrice, teacher, enseignant, professeur, huisarts, medecin, doctor, foto, photo, iban, rekening, rekeningnummer, bankrekening, compte, compte bancaire, mutualiteit, ziekenfonds, mutuelle, allergie, allergieen, allergies, religie, religion, godsdienst, levensbeschouwing,
		burgerlijke staat, etat civil, aanspreking, aanspreektitel, titel, civilite, title, initialen, voorletters, initiales, initials, wachtwoord, password, mot passe, gebruikersnaam, username, login, nom utilisateur, opleidingsniveau, opleidingsniveau moeder, diplome, diploma,
		school, schoolnaam, instelling, instellingsnummer, ecole, etablissement, vestiging, vestigingsplaats, status, statut, gewicht, indicator, gok, ses, indicatorleerling, opvang, remgeld, maaltijd, noodnummer, noodcontact, urgence, emergency, emergency contact, contact urgence,
		schooljaar, annee scolaire, school year, leeftijd, age, overleden, middle name, tweede voornaam, deuxieme prenom, gezinsnummer, gezin nr, mutatiedatum, toestemming, toestemming foto, autorisation, consent, vorige school, ecole precedente, previous school,
		datum, date, kolom, column, telling, aantal, schooltoelage, zorg, kansarm, gezinstoestand, gezinssituatie, situation familiale, werkgever, employeur`,
}

var smallWords = set("de", "la", "le", "les", "du", "des", "d", "l", "van", "het", "een", "of", "the", "s", "en", "et", "and", "a", "au", "aux", "in", "op", "bij", "to", "tot", "voor", "pour", "for", "un", "une", "uw", "votre", "your", "onderwijs")

type phrase struct {
	text string
	part Part
}

// phrases by text, longest first within a part of equal length by name, so that the outcome never depends on a map.
var phrases = func() []phrase {
	var all []phrase
	for part, list := range titleWords {
		for _, w := range strings.Split(list, ",") {
			if w = bare(fold(w)); w != "" {
				all = append(all, phrase{w, part})
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if len(a.text) != len(b.text) {
			return len(a.text) > len(b.text)
		}
		if a.text != b.text {
			return a.text < b.text
		}
		return a.part < b.part
	})
	return all
}()

var exactPhrase = func() map[string]Part {
	m := map[string]Part{}
	for _, p := range phrases {
		if _, has := m[p.text]; !has {
			m[p.text] = p.part
		}
	}
	return m
}()

func bare(f string) string {
	var keep []string
	for _, w := range strings.Fields(f) {
		if !smallWords[w] {
			keep = append(keep, w)
		}
	}
	return strings.Join(keep, " ")
}

// about is what a title says: of whom, of which thing, and how sure that is (0 if no thing was recognised).
type about struct {
	who   string // "", "pupil", "home" (the parents together), or a role: "mother", "father", "guardian" …
	n     int    // "parent 2"; 0 if not numbered
	part  Part
	score float64
}

// Roles in titles. Longer words first: a stepmother is no mother here.
var roleWords = []struct {
	role string
	in   []string // also inside a longer word
	only []string // as a word of its own
}{
	{"stepparent", []string{"plusmoeder", "plusvader", "plusouder", "stiefmoeder", "stiefvader", "stiefouder", "bellemere", "beaupere", "stepmother", "stepfather"}, []string{"belle mere", "beau pere", "step mother", "step father"}},
	{"fosterparent", []string{"pleegmoeder", "pleegvader", "pleegouder", "fosterparent"}, []string{"famille accueil", "foster parent"}},
	{"grandparent", []string{"grootmoeder", "grootvader", "grootouder", "grandmother", "grandfather"}, []string{"grand mere", "grand pere", "oma", "opa", "grands parents"}},
	{"mother", []string{"moeder", "mother", "mutter"}, []string{"mama", "mere", "maman", "mom", "mum", "ma"}},
	{"father", []string{"vader", "father", "vater"}, []string{"papa", "pere", "dad", "pa"}},
	{"guardian", []string{"voogd", "guardian", "tuteur", "tutrice", "verzorger", "contactpersoon", "responsable", "opvoeder", "contactperson"}, []string{"personne contact", "contact", "contacts", "co account", "resp legal", "resp", "carer", "legal", "referent", "partner"}},
	{"home", []string{"ouders", "parents", "eltern", "gezin", "verzorgers"}, []string{"famille", "family contact", "thuis", "parents tuteurs", "domicile"}},
	{"parent", []string{"ouder", "parent"}, []string{"parental"}},
	{"pupil", []string{"leerling", "pupil", "student", "schuler"}, []string{"lln", "kind", "eleve", "enfant", "child", "ll", "llng"}},
}

// notRoles hold a role's letters and mean something else.
var notRoles = map[string]string{"moedertaal": "thuistaal", "muttersprache": "thuistaal", "langue maternelle": "thuistaal", "mother tongue": "thuistaal", "mothertongue": "thuistaal", "ouderdom": "leeftijd", "parente": "lien", "lien parente": "lien",
	"gezinstaal": "thuistaal", "indicatorleerling": "indicator", "gezinsnummer": "telling", "student number": "student id", "tel thuis": "telefoon ouders", "telefoon thuis": "telefoon ouders", "taal thuis": "thuistaal", "langue familiale": "thuistaal", "family name": "achternaam", "nom famille": "achternaam", "taal gezin": "thuistaal",
	"contacttaal": "voertaal", "contact language": "voertaal", "langue contact": "voertaal", "type contact": "relatie", "soort contact": "relatie", "relatie tot leerling": "relatie", "relatie leerling": "relatie", "relation to pupil": "relatie", "relationship to pupil": "relatie", "lien avec eleve": "relatie",
	"lien avec l eleve": "relatie", "contactnummer": "telefoon", "contact urgence": "urgence", "emergency contact": "urgence", "gezinstoestand": "telling", "gezinssituatie": "telling", "situation familiale": "telling", "relation student": "relatie", "type ouder": "relatie",
	"thuisadres": "woonadres", "domicile": "woonadres", "adresse domicile": "woonadres"}

// read takes a title apart.
func readTitle(title string) about {
	w := " " + bare(words(title)) + " "
	if strings.TrimSpace(w) == "" {
		return about{}
	}
	for _, from := range notRoleKeys {
		if strings.Contains(w, " "+from+" ") {
			w = strings.Replace(w, " "+from+" ", " "+notRoles[from]+" ", 1)
			break
		}
	}
	var a about
	// What is known and unwanted as a whole stays so: "opleidingsniveau moeder".
	if exactPhrase[strings.TrimSpace(w)] == partUnwanted {
		return about{part: partUnwanted, score: 0.95}
	}
roles:
	for _, r := range roleWords {
		for _, o := range r.only {
			if i := strings.Index(w, " "+o+" "); i >= 0 {
				a.who = r.role
				w = w[:i+1] + w[i+len(o)+1:]
				break roles
			}
		}
		for _, s := range r.in {
			if i := strings.Index(w, s); i >= 0 {
				a.who = r.role
				w = cutWord(w, i, len(s))
				break roles
			}
		}
	}
	// A second role word says the same or less: "ouder 1 (moeder)", "parent/tuteur 1", "ouder van leerling".
	if a.who != "" {
		for _, r := range roleWords {
			for _, s := range append(append([]string{}, r.only...), r.in...) {
				if i := strings.Index(w, " "+s+" "); i >= 0 {
					w = w[:i+1] + w[i+len(s)+1:]
					if a.who == "pupil" {
						a.who = r.role
					}
				}
			}
		}
	}
	w = " " + bare(w) + " "
	if a.who == "" { // "Naam M", "GSM V": an initial at the end stands for mother or father
		for initial, role := range map[string]string{" m ": "mother", " v ": "father", " p ": "father"} {
			if rest, ok := strings.CutSuffix(w, initial); ok && exactPhrase[strings.TrimSpace(rest)] != "" && exactPhrase[strings.TrimSpace(w)] == "" {
				a.who, w = role, rest+" "
			}
		}
	}
	for n, names := range [][]string{{"1", "1e", "1er", "eerste", "premier", "first"}, {"2", "2e", "tweede", "deuxieme", "second", "2eme"}, {"3", "3e", "derde", "troisieme", "third"}, {"4"}, {"5"}} {
		for _, name := range names {
			if name == "first" && a.who == "" || strings.Contains(w, " first name ") && name == "first" {
				continue
			}
			if i := strings.Index(w, " "+name+" "); i >= 0 && a.n == 0 && !strings.Contains(w, " adres 1 ") && !strings.Contains(w, "line 1 ") && !strings.Contains(w, "lijn 1 ") {
				a.n = n + 1
				w = w[:i+1] + w[i+len(name)+1:]
			}
		}
	}
	a.part, a.score = partOf(strings.TrimSpace(w))
	return a
}

var notRoleKeys = func() []string {
	var ks []string
	for k := range notRoles {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(i, j int) bool {
		if len(ks[i]) != len(ks[j]) {
			return len(ks[i]) > len(ks[j])
		}
		return ks[i] < ks[j]
	})
	return ks
}()

// cutWord takes n bytes at i out of w; what is left of a compound word stands as a word of its own, and an "s" that
// joined it goes ("moedersnaam").
func cutWord(w string, i, n int) string {
	left, right := w[:i], w[i+n:]
	if !strings.HasPrefix(right, " ") {
		right = strings.TrimPrefix(right, "s ")
		if strings.HasPrefix(right, "s") && exactPhrase[strings.TrimSpace(right[1:])] != "" {
			right = right[1:]
		}
		right = " " + right
	}
	return left + " " + right
}

func partOf(w string) (Part, float64) {
	if w == "" {
		return "", 0
	}
	if p, ok := exactPhrase[w]; ok {
		return p, 0.95
	}
	padded := " " + w + " "
	for _, p := range phrases {
		if strings.Contains(padded, " "+p.text+" ") {
			share := float64(len(p.text)) / float64(len(w))
			return p.part, 0.6 + 0.25*share
		}
	}
	for _, p := range phrases {
		if len(p.text) >= 4 && strings.Contains(w, p.text) {
			return p.part, 0.5 + 0.2*float64(len(p.text))/float64(len(w))
		}
	}
	return "", 0
}

// relationIn is the relation that a title or a cell names, "" if none.
func relationIn(text string) Relation {
	f := fold(text)
	if r, ok := relationWords[f]; ok {
		return r
	}
	switch readTitle(text).who {
	case "mother":
		return Mother
	case "father":
		return Father
	case "parent", "home":
		return Parent
	case "stepparent":
		return StepParent
	case "fosterparent":
		return FosterParent
	case "grandparent":
		return Grandparent
	case "guardian":
		return LegalGuardian
	}
	return ""
}

var relationWords = map[string]Relation{
	"m": Mother, "v": Father, "moe": Mother, "p": Father, "vad": Father, "mere": Mother, "pere": Father, "tante": RelationOther, "nonkel": RelationOther, "oom": RelationOther, "oncle": RelationOther,
	"aunt": RelationOther, "uncle": RelationOther, "broer": Sibling, "zus": Sibling, "frere": Sibling, "soeur": Sibling, "brother": Sibling, "sister": Sibling, "sibling": Sibling, "buur": RelationOther,
	"andere": RelationOther, "autre": RelationOther, "other": RelationOther, "relative": RelationOther, "familie": RelationOther, "famille": RelationOther, "ouder": Parent, "parent": Parent, "ouders": Parent,
	"meter": RelationOther, "peter": RelationOther, "marraine": RelationOther, "parrain": RelationOther, "partner": StepParent, "bewindvoerder": LegalGuardian, "legalguardian": LegalGuardian,
	"grandmere": Grandparent, "grandpere": Grandparent, "instelling": RelationOther, "contact": RelationOther, "foster": FosterParent, "familymember": RelationOther,
}

// Words that tell the language of a header.
var headerTongue = map[string]map[string]bool{
	"nl": set("naam", "voornaam", "achternaam", "familienaam", "roepnaam", "klas", "groep", "straat", "gemeente", "woonplaats", "geboortedatum", "moeder", "vader", "ouder", "leerling", "taal", "thuistaal", "telefoon", "huisnummer", "nummer", "leerlingnummer", "stamnummer", "leerjaar", "voogd", "adres", "bus", "tussenvoegsel", "mobiel", "relatie", "stad"),
	"fr": set("nom", "prenom", "classe", "rue", "commune", "localite", "naissance", "mere", "pere", "eleve", "langue", "responsable", "tuteur", "matricule", "numero", "annee", "adresse", "boite", "courriel", "ville", "lien", "telephone", "enfant", "code"),
	"en": set("name", "first", "last", "surname", "given", "class", "street", "town", "city", "birth", "dob", "mother", "father", "parent", "pupil", "student", "language", "guardian", "phone", "mobile", "address", "year", "grade", "house", "relationship", "home"),
}

func tongueOf(titles []string) string {
	count := map[string]int{}
	for _, t := range titles {
		for _, w := range strings.Fields(words(t)) {
			for tongue, ws := range headerTongue {
				if ws[w] {
					count[tongue]++
				}
			}
		}
	}
	best := ""
	for _, tongue := range []string{"nl", "fr", "en"} {
		if count[tongue] > count[best] {
			best = tongue
		}
	}
	return best
}

func columnName(i int) string { // A, B … Z, AA, as a spreadsheet counts
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

func numbered(prefix string, n int) string { return prefix + strconv.Itoa(n) }
