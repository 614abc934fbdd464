package board

import (
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// Whatever the net and its skips, both twins have the same units, and each weighted layer is in the one that its name says.
func TestStripUnitsAreTheNets(t *testing.T) {
	for query, want := range map[string]int{
		"": 2, "depth=20&skip=identity": 22, "net=mlp&depth=100&skip=highway": 102, "net=mlp&depth=3&skip=rezero&norm=layer": 5,
		"net=mlp&depth=3&skip=identity&norm=batch": 5, "net=deep&n=18&skip=A": 56, "net=deep&n=3&skip=B&norm=none": 11, "net=deep&n=3&skip=C&order=pre": 11,
	} {
		config := parseTrain(t, query)
		for _, net := range netsOf(config) {
			if len(net.units) != want {
				t.Errorf("%s, %s: %d units, want %d", query, net.twin, len(net.units), want)
			}
			layers, of := net.config.Layers(), weighted(net.units)
			if len(of) != len(layers) {
				t.Fatalf("%s, %s: %d weighted layers in units, want %d", query, net.twin, len(of), len(layers))
			}
			for k, name := range layers {
				unit := net.units[of[k]]
				_, number, _ := strings.Cut(unit.name, ".")
				if unit.block >= 0 && strings.Split(name, ".")[1] != number || unit.block < 0 && of[k] != 0 && of[k] != want-1 {
					t.Errorf("%s, %s: %s is in unit %d, %s", query, net.twin, name, of[k], unit.name)
				}
			}
		}
	}
}

// The arcs are those of the net: one over each block that has a skip, a detour where it is no identity, a letter where there is room.
func TestStripArcs(t *testing.T) {
	for _, c := range []struct {
		query                 string
		arcs, detours, letter int
	}{
		{"depth=20&skip=identity", 20, 0, 0},
		{"net=deep&n=3&skip=A", 7, 2, 2},
		{"net=deep&n=3&skip=B", 7, 2, 2},
		{"net=deep&n=3&skip=C", 0, 9, 9},
		{"net=deep&n=18&skip=C", 0, 54, 2}, // of 54 only those across a change of shape have room
		{"net=mlp&depth=4&skip=rezero", 4, 0, 4},
		{"net=mlp&depth=4&skip=highway", 0, 4, 0},
	} {
		strip := trainStrip(parseTrain(t, c.query), experiment.TrainView{}, TrainTwins{})
		plain, residual := strip.Rows[0], strip.Rows[1]
		if plain.Arcs+plain.Detours != "" {
			t.Errorf("%s: the plain net has arcs", c.query)
		}
		if arcs, detours := strings.Count(residual.Arcs, "M"), strings.Count(residual.Detours, "M"); arcs != c.arcs || detours != c.detours || len(residual.Marks) != c.letter {
			t.Errorf("%s: %d arcs, %d detours, %d letters, want %d, %d, %d", c.query, arcs, detours, len(residual.Marks), c.arcs, c.detours, c.letter)
		}
	}
}

// A block in hand lists its layers in both twins; what has no weights has no gradient.
func TestStripBlockInHand(t *testing.T) {
	config := parseTrain(t, "net=deep&n=3&skip=B")
	steps := func(layers int) []experiment.Step {
		norms := make([]float64, layers)
		for i := range norms {
			norms[i] = float64(i)
		}
		return []experiment.Step{{GradNorms: norms}}
	}
	p := TrainTwins{Plain: &experiment.Outcome{Steps: steps(20)}, Residual: &experiment.Outcome{Steps: steps(22)}}
	b := trainStrip(config, experiment.TrainView{Block: 5}, p).Chosen
	if b == nil || b.Title != "Block blocks.3, 4 of 9, in stage 2" || len(b.Links) != 3 {
		t.Fatalf("in hand: %+v", b)
	}
	got := map[string]string{}
	for _, row := range b.Rows {
		for _, cell := range row.Cells {
			got[row.Name+" "+cell.Twin] = cell.Value.String()
		}
	}
	for name, want := range map[string]string{
		"blocks.3.conv1 plain": "7.00", "blocks.3.conv1 residual": "7.00", "blocks.3.proj plain": "–", "blocks.3.proj residual": "9.00", "blocks.3.norm1 plain": "–",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	if none := trainStrip(config, experiment.TrainView{Block: 40}, p).Chosen; none != nil {
		t.Errorf("a block that the net has not is in hand: %+v", none)
	}
}

// Of nets with and without projections each layer keeps its place: the plain net's blocks.1.conv1 does not stand where the
// residual one's projection does.
func TestLayersOfBothTwinsStandAtTheirNames(t *testing.T) {
	for _, query := range []string{"net=deep&n=3&skip=C", "net=deep&n=3&skip=none", "net=mlp&depth=3&skip=highway", "depth=2", ""} {
		config := parseTrain(t, query)
		names, places := layersOfBoth(config)
		for _, net := range netsOf(config) {
			for k, name := range net.config.Layers() {
				if got := names[places[net.twin][k]]; got != name {
					t.Errorf("%s, %s: layer %d, %s, stands at %s", query, net.twin, k, name, got)
				}
			}
		}
	}
}
