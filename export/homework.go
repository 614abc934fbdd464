package export

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"gradlab/mlcore/experiment"
)

// A Homework is an experiment's notebook with blanks: numbers to predict before anything runs, and code to write.
type Homework struct {
	Name, Title, Lead string
	Lab, Query        string // chain or train, and its state
	Asks              []Ask
	Blanks            []Blank

	of func(query url.Values, link string) (Script, error) // the script of that lab
}

// An Ask is a number to predict. Name is its variable's in the notebook; the number is what a run has at a path.
type Ask struct{ Name, Says, Run, Path string }

// A Blank is code that is left to be written.
type Blank struct {
	Name, Task string
	Code       string // what the notebook without blanks has there, once
	Hole       string // what stands in its place
	Answer     string // what may be written there; without it, the code itself
}

// Key is what may be written in the blank.
func (b Blank) Key() string {
	if b.Answer != "" {
		return b.Answer
	}
	return b.Code
}

const (
	homeworkChain = "depth=20&activation=tanh&x=0.5&w=0.1&target=1&dtype=float64"
	homeworkNoise = "steps=100"
	homeworkDeep  = "net=deep&n=3&steps=100&dtype=float64"
)

// Homeworks are those that teachers can hand out.
var Homeworks = []Homework{
	{
		Name: "chain", Title: "The chain and its gradients", Lead: "Put the skip connection back, then do by hand what backward does.",
		Lab: "chain", of: ofChain, Query: homeworkChain + "&skip=identity",
		Asks: []Ask{
			{"plain_first", "The first layer’s ∂L/∂w in a chain of 20 tanh layers with weights of 0.1, without skips", "chain?" + homeworkChain + "&skip=none", "grad_w[0]"},
			{"first", "The same with skips", "chain?" + homeworkChain + "&skip=identity", "grad_w[0]"},
			{"last", "The last layer’s ∂L/∂w, with skips", "chain?" + homeworkChain + "&skip=identity", "grad_w[19]"},
		},
		Blanks: []Blank{
			{Name: "skip", Task: "The layer’s output is tanh(a) plus its input.", Code: "z = torch.tanh(a) + z  # the skip connection", Hole: "z = ...", Answer: "z = torch.tanh(a) + z"},
			{
				Name: "gradients", Task: "Write the chain rule yourself, without backward: go forward once more and keep each z, then come back from the last layer with ∂L/∂z, " +
					"which each layer multiplies by f′(a) w + 1. The gradient of a weight is ∂L/∂z behind it, times f′(a), times the z before it.",
				Code: "loss.backward()", Hole: "w.grad = ...",
				Answer: `with torch.no_grad():
    kept = [torch.tensor(0.5, dtype=torch.float64)]
    for w_i in w:
        kept.append(torch.tanh(w_i * kept[-1]) + kept[-1])
    gradients, back = torch.zeros_like(w), kept[-1] - 1.0
    for i in reversed(range(len(w))):
        slope = 1 - torch.tanh(w[i] * kept[i]) ** 2
        gradients[i] = back * slope * kept[i]
        back = back * (slope * w[i] + 1)
w.grad = gradients`,
			},
		},
	},
	{
		Name: "training", Title: "The training loop", Lead: "Write the step that every training makes, and see what a net learns from noise.",
		Lab: "train", of: ofTrain, Query: homeworkNoise,
		Asks: []Ask{
			{"first_loss", "The loss before the first step: ten classes, and a net that knows nothing", "train?" + homeworkNoise, "losses[0]"},
			{"last_loss", "The training loss at the last of 100 steps, on images of noise with random labels", "train?" + homeworkNoise, "losses[-1]"},
			{"accuracy", "The share of 100 other images of noise that it then gets right", "train?" + homeworkNoise, "test.accuracy"},
		},
		Blanks: []Blank{{
			Name: "step", Task: "Three lines: forget the old gradients, compute the new ones, change the weights.",
			Code: "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()", Hole: "    ...",
		}},
	},
	{
		Name: "block", Title: "A residual block", Lead: "Give a net of 20 layers its skip connections back.",
		Lab: "train", of: ofTrain, Query: homeworkDeep + "&skip=A",
		Asks: []Ask{
			{"plain_loss", "The training loss at the last of 100 steps, without skips", "train?" + homeworkDeep + "&skip=none", "losses[-1]"},
			{"residual_loss", "The same with skips that have no parameters", "train?" + homeworkDeep + "&skip=A", "losses[-1]"},
			{"accuracy", "Of 100 garments that it never saw, the share that the net with skips gets right", "train?" + homeworkDeep + "&skip=A", "test.accuracy"},
		},
		Blanks: []Blank{{
			Name: "block", Task: "What the block returns: the sum of h and the shortcut, through ReLU.",
			Code: "        return F.relu(h + shortcut)", Hole: "        return ...",
		}},
	},
}

// script is the experiment without blanks.
func (h Homework) script(link string) (Script, error) {
	query, err := url.ParseQuery(h.Query)
	if err != nil {
		return Script{}, err
	}
	return h.of(query, link)
}

func ofChain(query url.Values, link string) (Script, error) {
	c, errs := experiment.ParseChain(query)
	if errs != nil {
		return Script{}, errs
	}
	return Chain(c, link), nil
}

func ofTrain(query url.Values, link string) (Script, error) {
	c, errs := experiment.ParseTrain(query)
	if errs != nil {
		return Script{}, errs
	}
	return Train(c, link), nil
}

// Notebook writes what students get. The link is where the experiment can be seen; it must hold no line break.
func (h Homework) Notebook(w io.Writer, link string) error {
	return h.write(w, link, func(b Blank) string { return b.Hole + "  # blank “" + b.Name + "”" })
}

// write writes the notebook with its blanks filled.
func (h Homework) write(w io.Writer, link string, fill func(Blank) string) error {
	s, err := h.script(link)
	if err != nil {
		return fmt.Errorf("homework %s: %w", h.Name, err)
	}
	whole, err := s.notebook()
	if err != nil {
		return err
	}
	file := newNotebook()
	words := func(id, text string) {
		file.Cells = append(file.Cells, markdownCell{CellType: "markdown", ID: id, Source: sourceLines(text)})
	}
	words("homework", fmt.Sprintf("# %s\n\n%s Where the code says `...`, something is yours to write. The experiment is at <%s>: look there after you have predicted.", h.Title, h.Lead, link))
	words("predictions-words", "**Before you run anything:** what do you expect? Write a number in the place of each `...`.")
	var asks strings.Builder
	for _, a := range h.Asks {
		fmt.Fprintf(&asks, "# %s.\n%s = ...\n", a.Says, a.Name)
	}
	file.Cells = append(file.Cells, codeCell{CellType: "code", ID: "predictions", Outputs: []any{}, Source: sourceLines(strings.TrimSpace(asks.String()))})
	filled := 0
	for _, cell := range whole.Cells[1:] { // without the heading
		if code, is := cell.(codeCell); is {
			text := strings.Join(code.Source, "")
			for _, b := range h.Blanks {
				if strings.Contains(text, b.Code) {
					filled += strings.Count(text, b.Code)
					text = strings.Replace(text, b.Code, fill(b), 1)
					words("blank-"+b.Name, "**Yours to write: "+b.Name+".** "+b.Task)
				}
			}
			code.Source = sourceLines(text)
			cell = code
		}
		file.Cells = append(file.Cells, cell)
	}
	if filled != len(h.Blanks) {
		return fmt.Errorf("homework %s: its notebook has the code of %d blanks, want %d", h.Name, filled, len(h.Blanks))
	}
	words("compare", "**Compare** what is printed with what you predicted. Where you were wrong by more than a factor of two, say in a sentence why.")
	return file.write(w)
}
