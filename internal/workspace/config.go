package workspace

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Names of the two files that make a folder a workspace.
const (
	ConfigFile = "goldthread.yaml"
	LockFile   = "goldthread.lock"
)

const documentKind record.Kind = schema.KindDOC

// Config is goldthread.yaml, as far as it is not the schema's.
type Config struct {
	Present   bool // the file is there
	Project   string
	Title     string
	Documents []string
	Code      []string
	CodeApart []string // left out of Code
	Results   []string
	Wording   Wording
	Raw       string // the whole file; part of the project's settings
}

// Wording is what the project has settled for the judgement of wording.
type Wording struct {
	Terms []string // that it has defined
	Off   []string // rules that do not apply
}

// configMembers are those of goldthread.yaml; the second half belongs to the schema.
var configMembers = []string{"project", "title", "documents", "code", "results", "wording", "keys", "kinds", "fields", "relations", "workflows"}

// ReadConfig reads goldthread.yaml and extends the schema by what it declares.
// dirName names the project where the file does not.
//
// goldthread:implements SRS-22
func ReadConfig(data []byte, present bool, dirName string, base *schema.Schema) (*Config, *schema.Schema, []finding.Finding) {
	c := &Config{Present: present, Raw: string(data)}
	var findings []finding.Finding
	report := func(n *yaml.Node, message, remedy string) {
		f := finding.Finding{Rule: "bad-config", Severity: finding.Error, File: ConfigFile, Message: message, Remedy: remedy}
		if n != nil {
			f.Line, f.Column = n.Line, n.Column
		}
		findings = append(findings, f)
	}
	sch := base
	if present {
		hidden, left := conflicts(c.Raw)
		for _, m := range left {
			findings = append(findings, m.finding(ConfigFile))
		}
		if len(hidden) > 0 {
			data = []byte(visible(c.Raw, hidden, 0, len(data))) // lines below are off until the conflict is settled
		}
		var root yaml.Node
		if err := yaml.Unmarshal(data, &root); err != nil {
			line, message := yamlError(err)
			report(&yaml.Node{Line: line, Column: 1}, message, "correct the YAML")
		} else {
			c.members(&root, report)
			extended, faults := base.Extend(data, ConfigFile)
			for _, f := range faults {
				findings = append(findings, finding.Finding{Rule: f.Rule, Severity: finding.Severity(f.Severity), File: f.File, Line: f.Line,
					Column: f.Column, Message: f.Message, Remedy: f.Remedy})
			}
			if extended != nil {
				sch = extended
			}
		}
	}
	if c.Project == "" {
		c.Project = ProjectName(dirName)
	}
	if c.Title == "" {
		c.Title = c.Project
	}
	if len(c.Documents) == 0 {
		c.Documents = []string{"."}
	}
	if len(c.Code) == 0 {
		c.Code = []string{"."}
	}
	if len(c.Results) == 0 {
		c.Results = []string{"results"}
	}
	return c, sch, findings
}

func (c *Config) members(root *yaml.Node, report func(*yaml.Node, string, string)) {
	if len(root.Content) == 0 {
		return
	}
	m := root.Content[0]
	if m.Kind != yaml.MappingNode {
		report(m, "the file is not a list of `name: value`", "see docs/workspace.md")
		return
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		name, value := m.Content[i], m.Content[i+1]
		switch name.Value {
		case "project":
			if err := record.CheckProjectName(value.Value); err != nil {
				report(value, err.Error(), "rename the project")
				continue
			}
			c.Project = value.Value
		case "title":
			c.Title = strings.TrimSpace(value.Value)
		case "documents":
			c.Documents = paths(value, false, report)
		case "code":
			c.Code, c.CodeApart = codePaths(value, report)
		case "results":
			c.Results = paths(value, true, report)
		case "wording":
			c.Wording = wordingOf(value, report)
		case "keys", "kinds", "fields", "relations", "workflows":
		default:
			report(name, fmt.Sprintf("%q is no member of %s", name.Value, ConfigFile), "there are "+strings.Join(configMembers, ", "))
		}
	}
}

// wordingOf reads the lists of terms and of rules that are off.
func wordingOf(value *yaml.Node, report func(*yaml.Node, string, string)) Wording {
	var w Wording
	if value.Kind != yaml.MappingNode {
		report(value, "wording is not a list of `name: value`", "write wording: {terms: [fast bolus], off: [passive]}")
		return w
	}
	for i := 0; i+1 < len(value.Content); i += 2 {
		name, list := value.Content[i], value.Content[i+1]
		var to *[]string
		switch name.Value {
		case "terms":
			to = &w.Terms
		case "off":
			to = &w.Off
		default:
			report(name, fmt.Sprintf("%q is no member of wording", name.Value), "there are terms and off")
			continue
		}
		if list.Kind != yaml.SequenceNode || slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return n.Kind != yaml.ScalarNode }) {
			report(list, name.Value+" is no list of words", "write "+name.Value+": [one, another]")
			continue
		}
		for _, n := range list.Content {
			*to = append(*to, n.Value)
		}
	}
	return w
}

// codePaths reads the paths of code, and apart from them those that begin with
// an exclamation mark: what is left out, such as fixtures that hold tags.
func codePaths(value *yaml.Node, report func(*yaml.Node, string, string)) (read, apart []string) {
	if value.Kind != yaml.SequenceNode {
		return paths(value, true, report), nil
	}
	in, out := *value, *value
	in.Content, out.Content = nil, nil
	for _, n := range value.Content {
		name, left := strings.CutPrefix(n.Value, "!")
		if !left {
			in.Content = append(in.Content, n)
			continue
		}
		bare := *n
		bare.Value = name
		out.Content = append(out.Content, &bare)
	}
	return paths(&in, true, report), paths(&out, true, report)
}

// paths reads a path or a list of paths, all below the workspace, or beside it
// where that is allowed.
func paths(value *yaml.Node, beside bool, report func(*yaml.Node, string, string)) []string {
	nodes := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	out := []string{}
	for _, n := range nodes {
		p := path.Clean(n.Value)
		if n.Kind != yaml.ScalarNode || path.IsAbs(p) || !beside && (p == ".." || strings.HasPrefix(p, "../")) || strings.Contains(p, `\`) {
			report(n, fmt.Sprintf("%q is no path below the workspace", n.Value), "use paths relative to "+ConfigFile)
			continue
		}
		out = append(out, p)
	}
	return out
}

// ProjectName makes a project name out of the name of a folder.
func ProjectName(dir string) string {
	var b strings.Builder
	dash := false
	for _, c := range strings.ToLower(dir) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(c)
			dash = false
			continue
		}
		dash = true
	}
	if name := b.String(); name != "" && len(name) <= record.MaxProjectName {
		return name
	}
	return "project"
}
