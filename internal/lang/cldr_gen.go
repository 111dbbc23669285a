package lang

var cldrData = map[string]*cldr{}
