package roster

import (
	"reflect"
	"strings"
	"testing"
)

func TestPhoneNumbersAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"0475/12.34.56", "+32475123456"},
		{"0475 12 34 56", "+32475123456"},
		{"+32 (0)475 12 34 56", "+32475123456"},
		{"0032475123456", "+32475123456"},
		{"+32475123456", "+32475123456"},
		{"32475123456", "+32475123456"},
		{"475123456", "+32475123456"}, // the spreadsheet ate the zero
		{"02 123 45 67", "+3221234567"},
		{"02/123.45.67", "+3221234567"},
		{"04 222 33 44", "+3242223344"}, // Liège, a fixed line
		{"016 22 33 44", "+3216223344"},
		{"06-12345678", "+31612345678"},
		{"+31 6 12 34 56 78", "+31612345678"},
		{"020-1234567", "+31201234567"},
		{"+33 6 12 34 56 78", "+33612345678"},
		{"+352 621 123 456", "+352621123456"},
		{"00212 661 234 567", "+212661234567"},
		{"tel:+32475123456", "+32475123456"},
		{"12", ""}, {"", ""}, {"0000000000", ""}, {"moeder", ""}, {"0475 12 34", ""}, {"+324751234567", ""}, {"3.24E+10", ""},
	} {
		got, ok := ParsePhone(c.in)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("ParsePhone(%q) = %q, %v; want %q", c.in, got, ok, c.want)
		}
	}
}

func TestSeveralNumbersInOneCell(t *testing.T) {
	for _, c := range []struct {
		in        string
		good, bad string
	}{
		{"0475 12 34 56 / 02 123 45 67", "+32475123456 +3221234567", ""},
		{"0475/12.34.56 of 0486/11.22.33", "+32475123456 +32486112233", ""},
		{"0475123456/0486112233", "+32475123456 +32486112233", ""},
		{"0475 12 34 56 (mama)", "+32475123456", ""},
		{"GSM: 0475 12 34 56\nthuis: 02 123 45 67", "+32475123456 +3221234567", ""},
		{"0475 12 34 56; 123", "+32475123456", "123"},
		{"vragen", "", "vragen"},
		{"geen", "", ""}, {"-", "", ""},
	} {
		good, bad := phonesIn(c.in)
		if strings.Join(good, " ") != c.good || strings.Join(bad, " ") != c.bad {
			t.Errorf("phonesIn(%q) = %q, %q", c.in, good, bad)
		}
	}
}

func TestMailAddresses(t *testing.T) {
	for _, c := range []struct{ in, good, bad string }{
		{" Jan.Janssens@Example.BE ", "jan.janssens@example.be", ""},
		{"An Peeters <an@example.be>", "an@example.be", ""},
		{"a@example.be; b@example.be", "a@example.be b@example.be", ""},
		{"a@example.be/b@example.be", "a@example.be b@example.be", ""},
		{"mailto:a@example.be", "a@example.be", ""},
		{"jan(at)example.be", "", "jan(at)example.be"},
		{"jan@example", "", "jan@example"},
		{"jan@@example.be", "", "jan@@example.be"},
		{"ÿ@exämple.be", "ÿ@exämple.be", ""},
		{"geen", "", ""},
	} {
		good, bad := mailsIn(c.in)
		if strings.Join(good, " ") != c.good || strings.Join(bad, " ") != c.bad {
			t.Errorf("mailsIn(%q) = %q, %q", c.in, good, bad)
		}
	}
	if got := meant("an@gmail.con"); got != "an@gmail.com" {
		t.Errorf("meant = %q", got)
	}
}

func TestDatesInManyForms(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2015-03-04", "2015-03-04"}, {"04/03/2015", "2015-03-04"}, {"4-3-15", "2015-03-04"}, {"4.3.2015", "2015-03-04"},
		{"20150304", "2015-03-04"}, {"04032015", "2015-03-04"}, {"2015/3/4", "2015-03-04"}, {"4 maart 2015", "2015-03-04"},
		{"1er mars 2015", "2015-03-01"}, {"woensdag 4 maart 2015", "2015-03-04"}, {"March 4, 2015", "2015-03-04"}, {"4 Mar 15", "2015-03-04"},
		{"2 août 2014", "2014-08-02"}, {"2015-03-04T00:00:00", "2015-03-04"}, {"04/03/2015 0:00:00", "2015-03-04"}, {"42067", "2015-03-04"},
		{"04 / 03 / 2015", "2015-03-04"}, {"29/02/2016", "2016-02-29"},
		{"31/02/2015", ""}, {"29/02/2015", ""}, {"13/13/2015", ""}, {"00/00/0000", ""}, {"gisteren", ""}, {"", ""}, {"2015", ""},
	} {
		got, ok := ParseDate(c.in)
		if ok != (c.want != "") || got != c.want {
			t.Errorf("ParseDate(%q) = %q, %v; want %q", c.in, got, ok, c.want)
		}
	}
}

func TestAColumnOfAmericanDatesIsReadMonthFirst(t *testing.T) {
	if orderOf([]string{"4/2/2000", "11/12/1999", "12/19/1997"}) != monthFirst {
		t.Error("12/19 tells that the month comes first")
	}
	if orderOf([]string{"4/2/2000", "19/12/1997", "12/19/1997"}) != dayFirst {
		t.Error("a mixed column stays day first")
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"JANSSENS", "Janssens"}, {"VAN DEN BERG", "Van den Berg"}, {"D'HONDT", "D'Hondt"}, {"EL AMRANI", "El Amrani"}, {"JEAN-PIERRE", "Jean-Pierre"},
		{"IJSBRAND", "IJsbrand"}, {"Van Den Berg", "Van Den Berg"}, {"McDonald", "McDonald"}, {"JO", "Jo"}, {"J.P.", "J.P."}, {"ÖZTÜRK", "Öztürk"},
		{"  van   der  Linden ", "van der Linden"}, {"Mevr. AN PEETERS", "An Peeters"}, {"O'NEILL", "O'Neill"}, {"محمد", "محمد"}, {"-", ""},
	} {
		if got := personName(c.in); got != c.want {
			t.Errorf("personName(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	for _, c := range []struct {
		in            string
		familyFirst   bool
		given, family string
		sure          bool
	}{
		{"Janssens, Emma", false, "Emma", "Janssens", true},
		{"Emma Janssens", false, "Emma", "Janssens", true},
		{"Janssens Emma", true, "Emma", "Janssens", true},
		{"JANSSENS Emma", false, "Emma", "Janssens", true},
		{"Emma JANSSENS", true, "Emma", "Janssens", true},
		{"EL AMRANI Yasmina", false, "Yasmina", "El Amrani", true},
		{"VAN DEN BERG Jan Willem", false, "Jan Willem", "Van den Berg", true},
		{"Emma Van den Berg", false, "Emma", "Van den Berg", true},
		{"Van den Berg Emma", true, "Emma", "Van den Berg", true},
		{"Mohamed Amine El Amrani", false, "Mohamed Amine", "El Amrani", true},
		{"Berg, Emma, van den", false, "Emma", "van den Berg", true},
		{"Ana Maria Silva", false, "Ana", "Maria Silva", false},
		{"Senait", false, "Senait", "", true},
		{"Mme AN PEETERS", false, "An", "Peeters", true},
	} {
		g, f, sure := splitName(c.in, c.familyFirst)
		if g != c.given || f != c.family || sure != c.sure {
			t.Errorf("splitName(%q, %v) = %q, %q, %v", c.in, c.familyFirst, g, f, sure)
		}
	}
	for in, want := range map[string][]string{
		"Jan Janssens & An Peeters": {"Jan Janssens", "An Peeters"},
		"Jan en An Janssens":        {"Jan Janssens", "An Janssens"},
		"Jan Janssens":              {"Jan Janssens"},
		"Henri Evenepoel":           {"Henri Evenepoel"},
	} {
		if got := couple(in); !reflect.DeepEqual(got, want) {
			t.Errorf("couple(%q) = %q", in, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	brussels := Address{Street: "Nieuwstraat", Number: "12", Box: "3", Postcode: "1000", Town: "Brussel"}
	for in, want := range map[string]Address{
		"Nieuwstraat 12 bus 3, 1000 Brussel":      brussels,
		"Nieuwstraat 12/3 - 1000 Brussel":         brussels,
		"Nieuwstraat 12 b3\n1000 Brussel":         brussels,
		"NIEUWSTRAAT 12 BUS 3, B-1000 BRUSSEL":    brussels,
		"12, rue Neuve, 1000 Bruxelles":           {Street: "rue Neuve", Number: "12", Postcode: "1000", Town: "Bruxelles"},
		"Rue Neuve 12 bte 3, 1000 Bruxelles":      {Street: "Rue Neuve", Number: "12", Box: "3", Postcode: "1000", Town: "Bruxelles"},
		"Dorpsstraat 1-a, 6971vb Brummen":         {Street: "Dorpsstraat", Number: "1", Box: "A", Postcode: "6971 VB", Town: "Brummen"},
		"Plein 1940 5A, 1080 Sint-Jans-Molenbeek": {Street: "Plein 1940", Number: "5A", Postcode: "1080", Town: "Sint-Jans-Molenbeek"},
		"Kerkstraat 5":                            {Street: "Kerkstraat", Number: "5"},
		"1080 Molenbeek":                          {Postcode: "1080", Town: "Molenbeek"},
		"onbekend":                                {},
		"Rue du 8 Mai 14, 4000 Liège, Belgique":   {Street: "Rue du 8 Mai", Number: "14", Postcode: "4000", Town: "Liège", Country: "Belgique"},
	} {
		if got := ParseAddress(in); got != want {
			t.Errorf("ParseAddress(%q) = %+v", in, got)
		}
	}
	same := [][2]string{
		{"Nieuwstr. 12 bus 3, 1000 Brussel", "nieuwstraat 12/3, 1000 Bruxelles"},
		{"Av. Louise 5, 1050 Ixelles", "AVENUE LOUISE 5, 1050 ELSENE"},
	}
	for _, s := range same {
		if a, b := ParseAddress(s[0]).Key(), ParseAddress(s[1]).Key(); a != b || a == "" {
			t.Errorf("%q and %q: %q, %q", s[0], s[1], a, b)
		}
	}
	if ParseAddress("Nieuwstraat 12, 1000 Brussel").Key() == ParseAddress("Nieuwstraat 12 bus 3, 1000 Brussel").Key() {
		t.Error("two boxes are two homes")
	}
	if k := ParseAddress("1080 Molenbeek").Key(); k != "" {
		t.Errorf("a town alone is no home, got %q", k)
	}
}

func TestLanguageWords(t *testing.T) {
	for _, c := range []struct{ in, tags, unsure, bad string }{
		{"Nederlands", "nl", "", ""}, {"néerlandais", "nl", "", ""}, {"DUTCH", "nl", "", ""}, {"nl", "nl", "", ""}, {"nld", "nl", "", ""}, {"dut", "nl", "", ""},
		{"Arabe", "ar", "", ""}, {"Marokkaans Arabisch", "ary", "", ""}, {"Darija", "ary", "", ""}, {"Turkish", "tr", "", ""}, {"Türkçe", "tr", "", ""},
		{"Tigrinya", "ti", "", ""}, {"Berbers", "rif", "Berbers", ""}, {"Tamazight", "zgh", "", ""}, {"Tarifit", "rif", "", ""}, {"Pools", "pl", "", ""},
		{"Frans en Nederlands", "fr nl", "", ""}, {"nl, en", "nl en", "", ""}, {"nl en fr", "nl fr", "", ""}, {"Arabisch/Frans", "ar fr", "", ""}, {"en", "en", "", ""},
		{"NLD - Nederlands", "nl", "", ""}, {"Arabisch (Syrië)", "ar", "", ""}, {"pt_BR", "pt-BR", "", ""}, {"العربية", "ar", "", ""}, {"Dari", "fa-AF", "", ""},
		{"Marokkaans", "ary", "Marokkaans", ""}, {"Oekraïens", "uk", "", ""}, {"Klingonees", "", "", "Klingonees"}, {"Frans, Klingonees", "fr", "", "Klingonees"},
		{"onbekend", "", "", ""}, {"", "", "", ""}, {"qq", "", "", "qq"},
	} {
		tags, unsure, bad := langsIn(c.in)
		if strings.Join(tags, " ") != c.tags || strings.Join(unsure, " ") != c.unsure || strings.Join(bad, " ") != c.bad {
			t.Errorf("langsIn(%q) = %q, %q, %q", c.in, tags, unsure, bad)
		}
	}
}
