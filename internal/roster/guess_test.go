package roster

import (
	"strings"
	"testing"
)

func TestUsualHeadersWithOneRowOfCells(t *testing.T) {
	for _, c := range []struct{ titles, cells, fields string }{
		{"Naam;Voornaam;Stamnr;Klas;Klasnr;Straat;Nummer;Postnr;Tel;GSM;Email;Naam M;Voornaam M;GSM M;E-mail M;Naam V;GSM V",
			"Janssens;Emma;12;1A;3;Kerkstraat;5;9000;09 222 33 44;0475 12 34 56;x@v.be;Peeters;An;0475 12 34 57;a@v.be;Tom Janssens;0475 12 34 58",
			"pupil.family pupil.given pupil.id pupil.class - home.street home.number home.postcode home.phone pupil.phone pupil.email guardian1.family guardian1.given guardian1.mobile guardian1.email guardian2.name guardian2.mobile"},
		{"Naam;Voornaam;Intern nummer;Status;Voornaam co-account 1;Naam co-account 1;E-mail co-account 1;Type co-account 1;Voornaam co-account 2;Naam co-account 2",
			"Janssens;Emma;1234;actief;An;Peeters;a@v.be;Moeder;Tom;Janssens",
			"pupil.family pupil.given pupil.id - guardian1.given guardian1.family guardian1.email guardian1.relation guardian2.given guardian2.family"},
		{"Nom élève;Prénom élève;Classe;Date naiss.;Resp. légal 1 Nom;Resp. légal 1 Prénom;Resp. légal 1 GSM;Resp. légal 2 Nom;Langue",
			"Lambert;Chloé;P1;01/09/2019;Lambert;Julie;0470112233;Marc Lambert;français",
			"pupil.family pupil.given pupil.class pupil.born guardian1.family guardian1.given guardian1.mobile guardian2.name pupil.langs"},
		{"Klas;Naam kind;Naam moeder;Telefoon;E-mail;Naam vader;Telefoon;E-mail", "1A;Emma Janssens;An Peeters;0475 12 34 56;a@v.be;Tom Janssens;0475 12 34 57;t@v.be",
			"pupil.class pupil.name guardian1.name guardian1.phone guardian1.email guardian2.name guardian2.phone guardian2.email"},
		{"Voornaam;Naam;Mama;GSM mama;Papa;GSM papa;E-mailadressen", "Emma;Janssens;An Peeters;0475 12 34 56;Tom Janssens;0475 12 34 57;an@v.be, tom@v.be",
			"pupil.given pupil.family guardian1.name guardian1.mobile guardian2.name guardian2.mobile home.email"},
		{"Naam leerling;Leerjaar;Klas;Email 1;Email 2;GSM 1;GSM 2;Contactpersoon 1;Contactpersoon 2", "Emma Janssens;3;3A;a@v.be;b@v.be;0475123456;0475123457;An Peeters;Tom Janssens",
			"pupil.name pupil.grade pupil.class guardian1.email guardian2.email guardian1.mobile guardian2.mobile guardian1.name guardian2.name"},
		{"Pupil name;Class;Mother's name;Mother's phone;Father's name;Contact language;Nationality", "Emma Janssens;1A;An Peeters;0475123456;Tom Janssens;Dutch;Belgian",
			"pupil.name pupil.class guardian1.name guardian1.phone guardian2.name home.lang -"},
		{"Elève;Adresse;CP;Ville;Parent 1;Tél. parent 1;Langue des parents", "Chloé Lambert;Rue Haute 14 bte 2;1000;Bruxelles;Julie Lambert;0470112233;français",
			"pupil.name home.address home.postcode home.town guardian1.name guardian1.phone pupil.langs"},
		{"Nachname;Vorname;Klasse;Mutter;Handy der Mutter", "Schmitz;Lena;1A;Anna Schmitz;0475 12 34 56", "pupil.family pupil.given pupil.class guardian1.name guardian1.mobile"},
	} {
		m, _, err := Guess([]File{{Name: "lijst.csv", Data: []byte(c.titles + "\n" + c.cells + "\n")}})
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for _, col := range m.Tables[0].Columns {
			f := string(col.Field)
			if f == "" {
				f = "-"
			}
			got = append(got, f)
			if col.Reason.ID == "" {
				t.Errorf("%s: no reason", col.Title)
			}
		}
		if strings.Join(got, " ") != c.fields {
			t.Errorf("%s\n got %s\nwant %s", c.titles, strings.Join(got, " "), c.fields)
		}
	}
}

func TestCellsThatContradictTheTitleLowerTheConfidence(t *testing.T) {
	var b strings.Builder
	b.WriteString("Naam;Voornaam;Telefoon;E-mail\n")
	for _, n := range []string{"Janssens;Emma", "Maes;Lina", "Claes;Finn", "Peeters;Lotte", "Wouters;Sam"} {
		b.WriteString(n + ";" + strings.ToLower(n[:3]) + "@voorbeeld.be;0475 12 34 56\n") // the two titles stand swapped
	}
	m, _, err := Guess([]File{{Name: "x.csv", Data: []byte(b.String())}})
	if err != nil {
		t.Fatal(err)
	}
	c := m.Tables[0].Columns
	if c[2].Field != HomeEmail || c[3].Field != HomePhone || c[2].Confidence > 0.8 {
		t.Errorf("%+v %+v", c[2], c[3])
	}
}

func TestEveryFieldHasItsOwnName(t *testing.T) {
	seen := map[string]Field{}
	for _, f := range Fields() {
		s := f.Text().String()
		if other, has := seen[s]; has {
			t.Errorf("%s and %s are both called %q", f, other, s)
		}
		seen[s] = f
		if !f.Known() {
			t.Errorf("%s is not known", f)
		}
	}
	if Field("guardian9.email").Known() || Field("pupil.secret").Known() {
		t.Error("unknown fields must not be known")
	}
}
