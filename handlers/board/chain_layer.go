package board

import (
	"fmt"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// mostFactors is how many layers' factors a formula writes out; of more, the first two and the last two are.
const mostFactors = 5

// layer takes the number of the layer in hand apart; nil where no layer is in hand.
func (c chainRun) layer() *views.ChainLayer {
	if c.view.Layer == 0 {
		return nil
	}
	q, layer := quantityOf(c.view.Quantity), c.view.Layer
	l := &views.ChainLayer{
		Layer:   layer,
		Title:   views.T(fmt.Sprintf("Layer %d: %s, taken apart", layer, q.symbol)),
		Close:   c.setLayer("close", "Close", 0),
		Factors: c.factors(),
	}
	for _, r := range c.drawn() {
		l.Formulas = append(l.Formulas, c.formula(q, r))
	}
	if layer > 1 {
		to := c.setLayer("previous", fmt.Sprintf("‹ layer %d", layer-1), layer-1)
		l.Previous = &to
	}
	if layer < c.config.Depth {
		to := c.setLayer("next", fmt.Sprintf("layer %d ›", layer+1), layer+1)
		l.Next = &to
	}
	l.Open = len(l.Factors) <= mostFactors+3
	if q.name != experiment.QuantityZ {
		l.Checking = c.checking()
	}
	if l.Checking != nil && c.view.Check == "on" {
		l.Check = c.check()
	}
	return l
}

func (c chainRun) setLayer(key, label string, layer int) views.SetLink {
	view := c.view
	view.Layer = layer
	return views.SetLink{Key: key, Label: label, Field: "layer", Value: strconv.Itoa(layer), Href: c.page.href(c.config, view)}
}

func (c chainRun) checking() *views.SetLink {
	view, label := c.view, "Is it real? Check by differences"
	view.Check = "on"
	if c.view.Check == "on" {
		view.Check, label = "off", "Close the check"
	}
	return &views.SetLink{Key: "check", Label: label, Field: "check", Value: view.Check, Href: c.page.href(c.config, view)}
}

// formula writes the number of the layer in hand in TeX, in letters and in numbers.
func (c chainRun) formula(q quantity, r experiment.ChainResult) views.ChainFormula {
	layer, value := c.view.Layer, r.At(q.name, c.view.Layer)
	f := views.ChainFormula{Twin: "plain", Words: views.Join(views.T(q.symbol+" = "), views.Num(value, 3))}
	if r.Config.Residual() {
		f.Twin = "residual"
	}
	left := strings.Replace(q.tex, "%d", strconv.Itoa(layer), 1)
	left = strings.Replace(left, "%d", inputIndex(layer), 1)
	left = strings.Replace(left, "z_{x}", "x", 1)
	var letters, numbers string
	switch q.name {
	case experiment.QuantityZ:
		letters, numbers = outputTeX(r, layer)
	case experiment.QuantityFactor:
		letters, numbers = factorTeX(r, layer)
	default:
		letters, numbers = c.productTeX(r, r.Product(q.name, layer))
	}
	f.Letters = left + " = " + letters
	f.Numbers = "= " + numbers
	// A formula ends with its result, unless that is all there is to write.
	if result := views.TeX(value, 4); numbers != result {
		f.Numbers += " = " + result
	}
	return f
}

// inputIndex names what enters a layer: the number of the layer before, or x.
func inputIndex(layer int) string {
	if layer == 1 {
		return "x"
	}
	return strconv.Itoa(layer - 1)
}

// inputTeX is what enters a layer: x or the z of the layer before.
func inputTeX(layer int) string {
	if layer == 1 {
		return "x"
	}
	return fmt.Sprintf("z_{%d}", layer-1)
}

// outputTeX writes z_i = f(w_i z_{i-1}) [+ z_{i-1}].
func outputTeX(r experiment.ChainResult, layer int) (letters, numbers string) {
	in, f := r.Z[layer-1], functionTeX(r.Config.Activation)
	letters = fmt.Sprintf(`%s(w_{%d}\, %s)`, f, layer, inputTeX(layer))
	numbers = fmt.Sprintf(`%s(%s \cdot %s)`, f, views.TeX(r.W[layer-1], 3), views.TeXFactor(in, 4))
	if r.Config.Residual() {
		letters += " + " + inputTeX(layer)
		numbers += " + " + views.TeXFactor(in, 4)
	}
	return letters, numbers
}

// functionTeX is an activation's name in TeX, as the control labels it.
func functionTeX(activation string) string {
	if activation == "tanh" {
		return `\tanh`
	}
	t := experiment.ChainTable()
	label := t.Field(t.Default(), "activation").LabelOf(activation)
	return `\operatorname{` + strings.ReplaceAll(label, " ", `\ `) + `}`
}

// factorTeX writes ∂z_i/∂z_{i-1} = f′(a_i) w_i [+ 1].
func factorTeX(r experiment.ChainResult, layer int) (letters, numbers string) {
	letters = fmt.Sprintf(`f'(a_{%d})\, w_{%d}`, layer, layer)
	numbers = fmt.Sprintf(`%s \cdot %s`, views.TeX(r.Slope[layer-1], 4), views.TeXFactor(r.W[layer-1], 3))
	if r.Config.Residual() {
		letters += " + 1"
		numbers += " + 1"
	}
	return letters, numbers
}

// productTeX writes a gradient as the product of its factors, the layers between in brackets and at most mostFactors of
// them written out.
func (c chainRun) productTeX(r experiment.ChainResult, factors []experiment.ChainFactor) (letters, numbers string) {
	n, layer := c.config.Depth, c.view.Layer
	between := n - layer
	var l, v []string
	for _, f := range factors {
		switch f.Kind {
		case experiment.FactorLoss:
			l = append(l, fmt.Sprintf(`{(z_{%d} - t)}`, n))
			v = append(v, fmt.Sprintf(`{(%s - %s)}`, views.TeX(r.Z[n], 4), views.TeXFactor(c.config.Target, 3)))
		case experiment.FactorSlope:
			l = append(l, fmt.Sprintf(`f'(a_{%d})`, f.Layer))
			v = append(v, views.TeXFactor(f.Value, 4))
		case experiment.FactorInput:
			l = append(l, inputTeX(f.Layer))
			v = append(v, views.TeXFactor(f.Value, 4))
		case experiment.FactorLayer:
			if between <= mostFactors || f.Layer > n-2 || f.Layer < layer+3 {
				oneLetters, oneNumbers := factorTeX(r, f.Layer)
				v = append(v, "{("+oneNumbers+")}")
				if between <= 2 {
					l = append(l, "{("+oneLetters+")}")
				}
			} else if f.Layer == n-2 {
				v = append(v, fmt.Sprintf(`\underbrace{\cdots}_{%d\ \text{more}}`, between-4))
			}
			if between > 2 && f.Layer == n {
				general := `f'(a_j)\, w_j`
				if r.Config.Residual() {
					general = `{(` + general + ` + 1)}`
				}
				l = append(l, fmt.Sprintf(`\prod_{j=%d}^{%d} %s`, layer+1, n, general))
			}
		}
	}
	return strings.Join(l, ` \cdot `), strings.Join(v, ` \cdot `)
}

// factors lists every factor with what the gradient has come to, for both twins.
func (c chainRun) factors() []views.FactorRow {
	t := c.shown()
	plain, residual := t.plain.Product(c.view.Quantity, c.view.Layer), t.residual.Product(c.view.Quantity, c.view.Layer)
	rows := make([]views.FactorRow, len(plain))
	for i, f := range plain {
		rows[i] = views.FactorRow{Name: c.factorName(f), Plain: factorCells(f), Residual: factorCells(residual[i])}
	}
	return rows
}

func factorCells(f experiment.ChainFactor) views.FactorCells {
	return views.FactorCells{Value: views.Cell(f.Value), SoFar: views.Cell(f.SoFar)}
}

// factorName says what a factor is, for all twins that are drawn: of both, the skip's 1 is in its brackets.
func (c chainRun) factorName(f experiment.ChainFactor) views.Text {
	sub := func(letter string, i int) views.Text {
		return views.Text{{Text: letter}, {Text: strconv.Itoa(i), Class: "sub"}}
	}
	switch f.Kind {
	case experiment.FactorLoss:
		return views.Join(sub("loss: z", c.config.Depth), views.T(" − t"))
	case experiment.FactorLayer:
		name := views.Join(sub(fmt.Sprintf("layer %d: f′(a", f.Layer), f.Layer), sub(") w", f.Layer))
		if c.config.Residual() {
			return views.Join(name, views.T(" [+ 1]"))
		}
		return name
	case experiment.FactorSlope:
		return views.Join(sub(fmt.Sprintf("layer %d: f′(a", f.Layer), f.Layer), views.T(")"))
	}
	if f.Layer == 1 {
		return views.T("input: x")
	}
	return sub("input: z", f.Layer-1)
}
