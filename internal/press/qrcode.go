package press

import (
	"sync"

	"rsc.io/qr/coding"
)

// qrPlans holds the layout of each size of code: it is the same for all payloads, and half the work.
var qrPlans sync.Map // coding.Version → *coding.Plan

// encodeQR makes the smallest code of level M (15 % of it may be damaged) that holds the payload.
func encodeQR(payload string) (*coding.Code, error) {
	if payload == "" {
		return nil, &QRError{0}
	}
	var enc coding.Encoding = coding.String(payload)
	if n := coding.Num(payload); n.Check() == nil {
		enc = n
	} else if a := coding.Alpha(payload); a.Check() == nil {
		enc = a
	}
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if enc.Bits(v) > v.DataBytes(coding.M)*8 {
			continue
		}
		p, ok := qrPlans.Load(v)
		if !ok {
			plan, err := coding.NewPlan(v, coding.M, 0)
			if err != nil {
				return nil, err
			}
			p, _ = qrPlans.LoadOrStore(v, plan)
		}
		return p.(*coding.Plan).Encode(enc)
	}
	return nil, &QRError{len(payload)}
}
