package sms

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var costForm = regexp.MustCompile(`^([0-9]{1,3})(?:[.,]([0-9]{1,6}))?$`)

// ParseCost reads what one part of an SMS costs in euro, "0.0749", as thousandths of a euro, rounded up: nobody shall pay more
// than was shown. "" is 0: not told.
func ParseCost(s string) (thousandths int, err error) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, nil
	}
	m := costForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("--sms-cost: what a part costs is a number of euro like 0.08, not %q", s)
	}
	millionths, err := strconv.Atoi(m[1] + m[2] + strings.Repeat("0", 6-len(m[2])))
	return (millionths + 999) / 1000, err
}
