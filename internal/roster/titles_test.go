package roster

import "testing"

func TestTitlesInThreeLanguages(t *testing.T) {
	for _, c := range []struct {
		title, who string
		n          int
		part       Part
	}{
		{"Naam", "", 0, Name}, {"Voornaam", "", 0, Given}, {"Roepnaam", "", 0, Given}, {"Achternaam", "", 0, Family}, {"Tussenvoegsel", "", 0, Prefix},
		{"Stamnummer", "", 0, ID}, {"Leerlingnummer", "pupil", 0, ID}, {"Klas", "", 0, partClass}, {"Klasnummer", "", 0, partUnwanted}, {"Leerjaar", "", 0, partGrade},
		{"Geboortedatum", "", 0, partBorn}, {"Geboorteplaats", "", 0, partUnwanted}, {"Nationaliteit", "", 0, partUnwanted}, {"Rijksregisternummer", "", 0, partUnwanted},
		{"Naam moeder", "mother", 0, Name}, {"Voornaam vader", "father", 0, Given}, {"GSM moeder", "mother", 0, Mobile}, {"gsmmoeder", "mother", 0, Mobile},
		{"E-mailadres ouder 1", "parent", 1, Email}, {"ouder2_email", "parent", 2, Email}, {"Ouder 2: telefoon", "parent", 2, Phone}, {"Naam voogd", "guardian", 0, Name},
		{"Moedertaal", "", 0, Langs}, {"Thuistaal", "", 0, Langs}, {"Taal moeder", "mother", 0, Langs}, {"Contacttaal", "", 0, partLetter},
		{"Straat", "", 0, Street}, {"Huisnummer", "", 0, Number}, {"Bus", "", 0, Box}, {"Postcode", "", 0, Postcode}, {"Gemeente", "", 0, Town}, {"Adres vader", "father", 0, FullAddress},
		{"Naam en voornaam", "", 0, FamilyName}, {"Voornaam en naam", "", 0, Name}, {"Relatie tot leerling", "", 0, Related}, {"E-mail ouders", "home", 0, Email},
		{"Nom", "", 0, Name}, {"Prénom", "", 0, Given}, {"Nom de famille", "", 0, Family}, {"Nom et prénom", "", 0, FamilyName}, {"Date de naissance", "", 0, partBorn}, {"Né(e) le", "", 0, partBorn},
		{"Nom de la mère", "mother", 0, Name}, {"Prénom du père", "father", 0, Given}, {"GSM de la mère", "mother", 0, Mobile}, {"Courriel responsable 1", "guardian", 1, Email},
		{"Langue maternelle", "", 0, Langs}, {"Langue parlée à la maison", "", 0, Langs}, {"Code postal", "", 0, Postcode}, {"Localité", "", 0, Town}, {"Boîte", "", 0, Box}, {"Lien de parenté", "", 0, Related},
		{"Nationalité", "", 0, partUnwanted}, {"N° matricule", "", 0, ID}, {"Classe", "", 0, partClass}, {"Année d'études", "", 0, partGrade}, {"Tuteur", "guardian", 0, ""},
		{"First name", "", 0, Given}, {"Last Name", "", 0, Family}, {"Surname", "", 0, Family}, {"DOB", "", 0, partBorn}, {"Parent 1 First Name", "parent", 1, Given}, {"parent2Phone", "parent", 2, Phone},
		{"Mother's mobile", "mother", 0, Mobile}, {"Home language", "", 0, Langs}, {"Student ID", "pupil", 0, ID}, {"Year group", "", 0, partGrade}, {"Guardian e-mail", "guardian", 0, Email},
		{"GSM M", "mother", 0, Mobile}, {"Naam V", "father", 0, Name}, {"M/V", "", 0, partUnwanted}, {"Date naiss.", "", 0, partBorn}, {"Voornaam co-account 2", "guardian", 2, Given},
		{"Muttersprache", "", 0, Langs}, {"Name der Mutter", "mother", 0, Name}, {"Moeder", "mother", 0, ""}, {"Leerling", "pupil", 0, ""}, {"Plusvader gsm", "stepparent", 0, Mobile}, {"Grootmoeder naam", "grandparent", 0, Name}, {"", "", 0, ""}, {"Bijzonderheid", "", 0, ""},
	} {
		a := readTitle(c.title)
		if a.who != c.who || a.n != c.n || a.part != c.part {
			t.Errorf("%q: %+v, want %s %d %s", c.title, a, c.who, c.n, c.part)
		}
	}
}
