package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/workspace"
)

// exportOptions are what a writer may know beside the tree.
type exportOptions struct {
	title, version string
	now            time.Time
	skeleton       fs.FS // the source of an import of the format, from which comes what has no home here; nil for none
	restored       bool  // the tree has what no home is here for out of that source already
	archive        bool  // the name of the file asks for an archive
}

// exportReport says what an export wrote, and what the format could not take.
type exportReport struct {
	Format    string   `json:"format"`
	Output    string   `json:"output"`
	Import    string   `json:"import,omitempty"` // whose source gave what has no home here
	Documents int      `json:"documents"`
	Items     int      `json:"items"`
	Links     int      `json:"links"`
	Files     int      `json:"files"`
	Written   []string `json:"written"`
	Lost      []loss   `json:"lost"`
}

func exportCommand(env *Environment) *cobra.Command {
	var output, name string
	var asJSON bool
	c := &cobra.Command{
		Use:   "export FORMAT [DIR] -o FILE",
		Short: "write a project in the format of another tool",
		Long: `export writes the items and links of a project in the format of another tool. What
came in with an import of the same format goes out again as it came: identities,
types, attributes and what has no home here. What the format cannot take is listed.

Formats:
` + formatTable(writable),
		Example: "  goldthread export reqif -o spec.reqif\n  goldthread export csv examples/infusion-pump -o pump.csv\n  goldthread export doorstop thread -o requirements",
		Args:    arguments(1, 2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveFilterDirs
			}
			return strings.Split(formatNames(writable), ", "), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f, ok := formatNamed(args[0])
			switch {
			case !ok || f.write == nil:
				return fault.Newf(fault.Invalid, "%q is no format that can be exported; there are %s", args[0], formatNames(writable))
			case output == "":
				return fault.Newf(fault.Invalid, "say where to: -o FILE").WithHint("goldthread export --help")
			case output == "-" && f.ext == "":
				return fault.Newf(fault.Invalid, "%s is a folder of files: -o DIR", f.name)
			}
			r, data, err := env.export(cmd.Context(), f, env.folderArgument(args[1:]), output, name)
			if err != nil {
				return err
			}
			switch {
			case output == "-":
				_, err = env.Stdout.Write(data)
				return err
			case asJSON:
				return writeJSON(env.Stdout, r)
			}
			return r.text(env)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "the file, or for a format of many files the folder; - for standard output")
	c.Flags().StringVar(&name, "name", "", "the import whose source gives what has no home here (default: the one of this format)")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	return c
}

// export writes a folder in a format.
func (env *Environment) export(ctx context.Context, to format, dir, output, name string) (*exportReport, []byte, error) {
	f, err := env.open(ctx, dir, openOptions{noCode: true})
	if err != nil {
		return nil, nil, err
	}
	if len(f.documents) == 0 {
		return nil, nil, fault.Newf(fault.NotFound, "%s holds no items", dir).WithHint("goldthread check " + dir)
	}
	root, err := openRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	r := &exportReport{Format: to.name, Output: output, Written: []string{}, Lost: []loss{}}
	options := exportOptions{title: f.text.Config.Title, version: env.Version, now: env.Now().UTC(), archive: strings.HasSuffix(output, "z")}
	var mapping *exchange.Mapping
	if r.Import, mapping, options.skeleton, err = importOf(root, to.name, name); err != nil {
		return nil, nil, err
	}
	if options.skeleton == nil || !to.restores && !to.updates {
		r.Import = ""
	}
	ids := map[record.Key]record.ID{}
	for key, line := range f.text.Lock.Items {
		ids[key] = line.ID
	}
	var origin *exchange.Origin
	if to.restores && r.Import != "" {
		if origin, err = env.origin(ctx, f, root, to, r.Import, mapping); err != nil {
			return nil, nil, err
		}
		options.restored = origin != nil
	}
	tree := exchange.Project(f.documents, f.schema, exchange.ProjectOptions{Format: to.name, Mapping: mapping, IDs: ids, Origin: origin, State: f.linkStates(), File: func(name string) ([]byte, error) {
		data, why := exchange.ReadFile(root.FS(), name, maxSource)
		if why != "" {
			return nil, errors.New(why)
		}
		return data, nil
	}})
	files, lost, err := to.write(tree, options)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "the project cannot be written as "+to.name, err)
	}
	if origin != nil && to.ext == "" {
		if files, lost, err = originals(to, origin.Source, options.skeleton, options, files, lost); err != nil {
			return nil, nil, err
		}
	}
	r.Documents, r.Items, r.Links, r.Files = tree.Read.Documents, tree.Read.Items, tree.Read.Links, tree.Read.Files
	for _, x := range slices.Concat(tree.Lost, lost) {
		r.Lost = append(r.Lost, loss{x.At.String(), x.Item, x.What, x.Why})
	}
	if output == "-" {
		return r, files[0].Data, nil
	}
	return r, nil, r.save(env.path(output), to, files)
}

// importOf finds the import of a format: its mapping and its source.
func importOf(root *os.Root, format, name string) (found string, mapping *exchange.Mapping, source fs.FS, err error) {
	names := []string{name}
	if name == "" {
		names = nil
		entries, err := fs.ReadDir(root.FS(), importFolder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", nil, nil, fault.New(fault.Invalid, "cannot read "+importFolder, err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	for _, n := range names {
		data, err := root.ReadFile(path.Join(importFolder, n, mappingName))
		if err != nil {
			if name != "" {
				return "", nil, nil, fault.New(fault.NotFound, "there is no import "+name, err)
			}
			continue
		}
		m, err := exchange.ReadMapping(data)
		if err != nil {
			return "", nil, nil, fault.New(fault.Invalid, path.Join(importFolder, n, mappingName)+" cannot be read", err)
		}
		if m.Format != format {
			continue
		}
		if found != "" {
			return "", nil, nil, fault.Newf(fault.Invalid, "there are several imports of %s: %s and %s", format, found, n).WithHint("name one with --name")
		}
		found, mapping = n, m
		if source, err = keptSource(root, n); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", nil, nil, fault.New(fault.Invalid, path.Join(importFolder, n, sourceName)+" cannot be read", err)
		}
	}
	return found, mapping, source, nil
}

// save writes the one file, or the files of a folder.
func (r *exportReport) save(output string, to format, files []exchange.WrittenFile) error {
	folder := output
	if to.ext != "" {
		folder = filepath.Dir(output)
		files[0].Path = filepath.Base(output)
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return fault.New(fault.Invalid, "cannot make "+folder, err)
	}
	root, err := openRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	out := make([]workspace.File, len(files))
	for i, f := range files {
		out[i] = workspace.File{Path: f.Path, Data: f.Data}
		r.Written = append(r.Written, f.Path)
	}
	if err := workspace.SortFiles(out); err != nil {
		return err
	}
	return workspace.Save(root, out)
}

func (r *exportReport) text(env *Environment) error {
	var b strings.Builder
	for _, x := range r.Lost {
		fmt.Fprintf(&b, "%s: not written: %s: %s\n", strings.TrimSpace(x.Where+" "+x.Item), printable(x.What), printable(x.Why))
	}
	fmt.Fprintf(&b, "%s: %s in %s, %s, %s, written to %s\n", r.Format, plural(r.Items, "item"), plural(r.Documents, "document"), plural(r.Links, "link"), plural(r.Files, "attached file"), r.Output)
	if r.Import != "" {
		fmt.Fprintf(&b, "what has no home here comes from the source of the import %s\n", r.Import)
	}
	_, err := env.Stdout.Write([]byte(b.String()))
	return err
}
