package catalogue

import "go/ast"

// findForwarders looks for functions, methods and templates that hand on a parameter as the text of a call that the
// extractor knows:
//
//	func refuse(id string, kv ...any) error { return errs.Field("file", id, kv...) }
//
// so that refuse("Choose a file.") is found as well. It looks again until nothing new turns up, for those that call one
// another. Methods are known by name alone, whatever they belong to. Packages lang and errs themselves are left out.
func (s *scanner) findForwarders(sources []source) {
	for more := true; more; {
		more = false
		for _, src := range sources {
			if src.dir == "internal/lang" || src.dir == "internal/errs" {
				continue
			}
			for _, d := range src.file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				sh, ok := src.forwards(f)
				if !ok {
					continue
				}
				into, name := s.forward, src.dir+"."+f.Name.Name
				if f.Recv != nil {
					into, name = s.forwardMethods, f.Name.Name
				}
				if _, known := into[name]; !known && methods[name] == (shape{}) {
					into[name] = sh
					more = true
				}
			}
		}
	}
}

// forwards tells which parameters of f go on as a text.
func (s source) forwards(f *ast.FuncDecl) (sh shape, ok bool) {
	params := map[string]int{}
	i := 0
	for _, field := range f.Type.Params.List {
		t, isIdent := field.Type.(*ast.Ident)
		for _, n := range field.Names {
			if isIdent && t.Name == "string" {
				params[n.Name] = i
			}
			i++
		}
		if len(field.Names) == 0 {
			i++
		}
	}
	if len(params) == 0 {
		return sh, false
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		c, isCall := n.(*ast.CallExpr)
		if !isCall || ok {
			return !ok
		}
		inner, known := s.shapeOf(c.Fun)
		if !known {
			return true
		}
		param := func(i int) int {
			if i < 0 || i >= len(c.Args) {
				return -1
			}
			if id, isIdent := c.Args[i].(*ast.Ident); isIdent {
				if p, isParam := params[id.Name]; isParam {
					return p
				}
			}
			return -1
		}
		if p := param(inner.id); p >= 0 {
			sh, ok = shape{ctx: param(inner.ctx), id: p, plural: param(inner.plural), context: inner.context}, true
			if inner.ctx >= 0 && sh.ctx < 0 {
				sh.context, ok = text(c.Args[inner.ctx], s.consts)
			}
			if inner.plural >= 0 && sh.plural < 0 {
				ok = false
			}
		}
		return !ok
	})
	return sh, ok
}
