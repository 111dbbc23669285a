package roster

import (
	"strconv"
	"strings"

	"brug/internal/errs"
)

// Field is what a column can be taken for. Guardians' fields carry their number: "guardian1.email".
type Field string

// Fields of the pupil and of the home. A full name is told in one of two orders; a comma or capitals decide anyway.
const (
	Skip            Field = ""
	PupilID         Field = "pupil.id"
	PupilGiven      Field = "pupil.given"
	PupilPrefix     Field = "pupil.prefix" // "van den", kept in a column of its own in the Netherlands
	PupilFamily     Field = "pupil.family"
	PupilName       Field = "pupil.name"        // Emma Janssens
	PupilFamilyName Field = "pupil.family-name" // Janssens Emma
	PupilBorn       Field = "pupil.born"
	PupilClass      Field = "pupil.class"
	PupilGrade      Field = "pupil.grade"
	PupilLangs      Field = "pupil.langs"
	PupilEmail      Field = "pupil.email"
	PupilPhone      Field = "pupil.phone"
	HomeStreet      Field = "home.street" // number and box may follow in the same cell
	HomeNumber      Field = "home.number"
	HomeBox         Field = "home.box"
	HomePostcode    Field = "home.postcode"
	HomeTown        Field = "home.town"
	HomeCountry     Field = "home.country"
	HomeAddress     Field = "home.address" // all in one cell
	HomeEmail       Field = "home.email"   // of the family, nobody in particular
	HomePhone       Field = "home.phone"
	HomeLang        Field = "home.lang" // the language in which the school writes to the home
)

// Guardians is how many guardians can stand in the columns of one row.
const Guardians = 3

// Part is a field of a guardian without the number.
type Part string

// The parts of a guardian.
const (
	ID          Part = "id"
	Given       Part = "given"
	Prefix      Part = "prefix"
	Family      Part = "family"
	Name        Part = "name"
	FamilyName  Part = "family-name"
	Related     Part = "relation"
	Email       Part = "email"
	Phone       Part = "phone"
	Mobile      Part = "mobile"
	Langs       Part = "langs"
	Street      Part = "street"
	Number      Part = "number"
	Box         Part = "box"
	Postcode    Part = "postcode"
	Town        Part = "town"
	Country     Part = "country"
	FullAddress Part = "address"
)

var pupilFields = []Field{PupilID, PupilGiven, PupilPrefix, PupilFamily, PupilName, PupilFamilyName, PupilBorn, PupilClass,
	PupilGrade, PupilLangs, PupilEmail, PupilPhone, HomeStreet, HomeNumber, HomeBox, HomePostcode, HomeTown, HomeCountry,
	HomeAddress, HomeEmail, HomePhone, HomeLang}

var guardianParts = []Part{ID, Given, Prefix, Family, Name, FamilyName, Related, Email, Phone, Mobile, Langs, Street, Number,
	Box, Postcode, Town, Country, FullAddress}

// Of is the part of guardian n, from 1.
func (p Part) Of(n int) Field { return Field("guardian" + strconv.Itoa(n) + "." + string(p)) }

// Guardian tells number and part of a guardian's field; 0 for any other.
func (f Field) Guardian() (int, Part) {
	rest, ok := strings.CutPrefix(string(f), "guardian")
	if !ok {
		return 0, ""
	}
	num, part, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(num)
	if err != nil || n < 1 || n > Guardians {
		return 0, ""
	}
	return n, Part(part)
}

// Fields lists all fields in the order in which a person chooses from them, Skip first.
func Fields() []Field {
	all := append([]Field{Skip}, pupilFields...)
	for n := 1; n <= Guardians; n++ {
		for _, p := range guardianParts {
			all = append(all, p.Of(n))
		}
	}
	return all
}

// Known tells whether f is one of Fields.
func (f Field) Known() bool {
	for _, k := range Fields() {
		if k == f {
			return true
		}
	}
	return false
}

// Text names the field for a person.
func (f Field) Text() errs.Text {
	if n, p := f.Guardian(); n > 0 {
		return p.text(n)
	}
	switch f {
	case PupilID:
		return errs.T("Pupil: number")
	case PupilGiven:
		return errs.T("Pupil: given name")
	case PupilPrefix:
		return errs.T("Pupil: words before the family name (van den)")
	case PupilFamily:
		return errs.T("Pupil: family name")
	case PupilName:
		return errs.T("Pupil: full name, given name first")
	case PupilFamilyName:
		return errs.T("Pupil: full name, family name first")
	case PupilBorn:
		return errs.T("Pupil: date of birth")
	case PupilClass:
		return errs.T("Pupil: class")
	case PupilGrade:
		return errs.T("Pupil: grade or group")
	case PupilLangs:
		return errs.T("Pupil: languages at home")
	case PupilEmail:
		return errs.T("Pupil: own e-mail address")
	case PupilPhone:
		return errs.T("Pupil: own phone number")
	case HomeStreet:
		return errs.T("Home: street")
	case HomeNumber:
		return errs.T("Home: house number")
	case HomeBox:
		return errs.T("Home: box")
	case HomePostcode:
		return errs.T("Home: postcode")
	case HomeTown:
		return errs.T("Home: town")
	case HomeCountry:
		return errs.T("Home: country")
	case HomeAddress:
		return errs.T("Home: whole address")
	case HomeEmail:
		return errs.T("Home: e-mail address of the family")
	case HomePhone:
		return errs.T("Home: phone number of the family")
	case HomeLang:
		return errs.T("Home: language in which the school writes")
	}
	return errs.T("Do not read")
}

func (p Part) text(n int) errs.Text {
	switch p {
	case ID:
		return errs.T("Guardian {n}: number", "n", n)
	case Given:
		return errs.T("Guardian {n}: given name", "n", n)
	case Prefix:
		return errs.T("Guardian {n}: words before the family name (van den)", "n", n)
	case Family:
		return errs.T("Guardian {n}: family name", "n", n)
	case Name:
		return errs.T("Guardian {n}: full name, given name first", "n", n)
	case FamilyName:
		return errs.T("Guardian {n}: full name, family name first", "n", n)
	case Related:
		return errs.T("Guardian {n}: relation to the pupil", "n", n)
	case Email:
		return errs.T("Guardian {n}: e-mail address", "n", n)
	case Phone:
		return errs.T("Guardian {n}: phone", "n", n)
	case Mobile:
		return errs.T("Guardian {n}: mobile phone", "n", n)
	case Langs:
		return errs.T("Guardian {n}: languages", "n", n)
	case Street:
		return errs.T("Guardian {n}: street", "n", n)
	case Number:
		return errs.T("Guardian {n}: house number", "n", n)
	case Box:
		return errs.T("Guardian {n}: box", "n", n)
	case Postcode:
		return errs.T("Guardian {n}: postcode", "n", n)
	case Town:
		return errs.T("Guardian {n}: town", "n", n)
	case Country:
		return errs.T("Guardian {n}: country", "n", n)
	}
	return errs.T("Guardian {n}: whole address", "n", n)
}
