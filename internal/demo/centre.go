package demo

import (
	"time"

	"brug/internal/auth"
	"brug/internal/material"
)

// centre is the support centre with one text that it published. The school has made it its own, and since then the centre
// has found better words for it: the school is asked which it takes.
func (m *maker) centre() (err error) {
	if m.Centre, err = m.Auth.CreateCentre(m.ctx, m.system, auth.NewSchool{Name: "Steunpunt Brug", Slug: "steunpunt-brug", Lang: "nl"}); err != nil {
		return err
	}
	kim := auth.Actor{AccountID: m.Support.AccountID, Name: "Steunpunt Brug", Lang: "nl", Role: auth.Support, School: m.Centre}
	els := auth.Actor{AccountID: m.Teacher.AccountID, Name: "Els Daems", Lang: "nl", Role: auth.Care, School: m.School}
	m.SetNow(m.Now.Add(-40 * 24 * time.Hour))
	slug, err := m.Material.Create(m.ctx, kim, "", lunchbox("Laat {child} morgen zelf kiezen wat in de brooddoos gaat.", "Laissez {child} choisir ce qui va demain dans sa boîte à tartines."))
	if err != nil {
		return err
	}
	if err := m.Material.Publish(m.ctx, kim, slug, 1); err != nil {
		return err
	}
	m.SetNow(m.Now.Add(-20 * 24 * time.Hour))
	published, err := m.Material.Get(m.ctx, els, material.CentrePrefix+slug[len(material.OwnPrefix):])
	if err != nil {
		return err
	}
	d := published.Copy()
	d.Title["nl"], d.Title["fr"] = "Wat zit er in jouw brooddoos?", "Qu’y a-t-il dans ta boîte à tartines ?"
	if m.Lunchbox, err = m.Material.Create(m.ctx, els, published.Slug, d); err != nil {
		return err
	}
	m.SetNow(m.Now.Add(-3 * 24 * time.Hour))
	if err := m.Material.Change(m.ctx, kim, slug, 1, lunchbox("Vraag {child} vanavond: wat eet jij morgen graag op school? Vul samen de brooddoos.", "Demandez ce soir à {child} : qu’aimes-tu manger demain à l’école ? Remplissez ensemble la boîte à tartines.")); err != nil {
		return err
	}
	return m.Material.Publish(m.ctx, kim, slug, 2)
}

func lunchbox(nl, fr string) material.Edit {
	return material.Edit{Kind: material.Nudge, Practices: []material.Practice{material.Talk, material.Agreements}, Support: []material.Support{material.AtHome}, Picture: "food",
		Title: map[string]string{"nl": "De brooddoos", "fr": "La boîte à tartines"}, Intro: map[string]string{"nl": nl, "fr": fr}, Close: map[string]string{}}
}
