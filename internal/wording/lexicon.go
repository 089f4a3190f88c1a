package wording

import (
	"maps"
	"slices"
	"strings"
)

// maxWord is the longest word, in bytes, that the lexicon can hold.
const maxWord = 40

// class is a set of things that a word can be.
type class uint64

const (
	shallWord class = 1 << iota
	shouldWord
	willWord
	mayWord
	needWord     // need, has, is: a duty before "to"
	notWord      // not, never, cannot
	beWord       // forms of be
	determiner   // the, a, each
	preposition  // in, of, for
	subordinate  // begins a clause that is not the main one
	condition    // if, when, while: begins an EARS pattern
	opener       // begins sentences, never a name of code
	abbreviation // its full stop ends no sentence
	remark       // note, example
	pronoun      // it, they, this
	verb         // base form of a verb that is no noun
	nounVerb     // base form that is a noun as well
	participle   // irregular past participle
	stative      // participle that tells a property, not an act
	unitWord     // unit of measure
	timeUnit     // of time
	quantity     // noun of a measured quantity
	bound        // tells that a number is a limit, or has a tolerance
	link         // stands between a quantity and its number
	comparative  // faster, better
	vagueVerb    // support, handle
	vagueVerbs   // supports, handles
	referred     // stands before a number that is no quantity: section, version
	adverb       // adverbs without -ly
	cleft        // easy, possible: after "it is"
	reference    // tells than what: than, compared
	standard     // publishes standards
)

// entry is what the lexicon knows of a word.
type entry struct {
	text    string
	class   class
	lang    uint16 // languages that have it as a small word
	base    string // of a participle: the base form
	phrases []*phrase
}

// phrase is a word or words that a rule speaks about.
type phrase struct {
	words  []*entry
	group  *group
	listed string
}

// group is phrases with one message and one better form.
type group struct {
	rule    ruleIndex
	list    string // phrases between bars
	message string // %s is the words found
	better  string // %s is the words found
	unless  func(r *run, s *sentence, from, last int) bool
}

// lexicon has every word that a rule knows, in small letters.
var lexicon = makeTable(makeLexicon())

// dictionary is a hash table with open addressing, which a word is looked up in while it is read.
type dictionary []*entry

// The hash is FNV-1a.
const hashStart uint32 = 2166136261

func hashNext(hash uint32, b byte) uint32 { return (hash ^ uint32(b)) * 16777619 }

func makeTable(words map[string]*entry) dictionary {
	d := make(dictionary, 1<<13) // a quarter full
	for _, text := range slices.Sorted(maps.Keys(words)) {
		hash := hashStart
		for i := range len(text) {
			hash = hashNext(hash, text[i])
		}
		i := hash % uint32(len(d))
		for d[i] != nil {
			i = (i + 1) % uint32(len(d))
		}
		d[i] = words[text]
	}
	return d
}

// find is the entry of a word whose hash is known, or nil.
func (d dictionary) find(hash uint32, word []byte) *entry {
	for i := hash % (1 << 13); ; i = (i + 1) % (1 << 13) {
		if e := d[i]; e == nil || e.text == string(word) {
			return e
		}
	}
}

// get is the entry of a word, or nil.
func (d dictionary) get(text string) *entry {
	hash := hashStart
	for i := range len(text) {
		hash = hashNext(hash, text[i])
	}
	return d.find(hash, []byte(text))
}

func makeLexicon() map[string]*entry {
	words := make(map[string]*entry, 2048)
	get := func(text string) *entry {
		e := words[text]
		if e == nil {
			e = &entry{text: text}
			words[text] = e
		}
		return e
	}
	for _, c := range classes {
		for text := range strings.FieldsSeq(c.words) {
			get(text).class |= c.class
		}
	}
	for text := range strings.FieldsSeq(irregular) {
		form, base, _ := strings.Cut(text, ":")
		e := get(form)
		e.class |= participle
		e.base = base
	}
	for lang, list := range smallWords {
		for text := range strings.FieldsSeq(list) {
			get(text).lang |= 1 << lang
		}
	}
	for i := range groups {
		for listed := range strings.SplitSeq(groups[i].list, "|") {
			p := &phrase{group: &groups[i], listed: strings.TrimSpace(listed)}
			for text := range strings.FieldsSeq(listed) {
				p.words = append(p.words, get(text))
			}
			first := p.words[0]
			first.phrases = append(first.phrases, p)
		}
	}
	for _, e := range words {
		slices.SortStableFunc(e.phrases, func(a, b *phrase) int { return len(b.words) - len(a.words) })
	}
	return words
}

// classes are the words of each class. Grammar is kept to what the rules need.
var classes = []struct {
	class class
	words string
}{
	{shallWord, "shall must shan't mustn't"},
	{shouldWord, "should ought shouldn't"},
	{willWord, "will won't"},
	{mayWord, "can could may might cannot can't couldn't"},
	{needWord, "need needs has have is are"},
	{notWord, "not never cannot can't shan't mustn't don't doesn't won't"},
	{beWord, "be is are was were been being"},
	{reference, "than compared relative versus whichever"},
	{standard, "iec iso en din ieee astm ansi ul rfc cfr aami nist etsi itu"},
	{determiner, `the a an each every all any both either neither no its their his her this that these those such another other
		one two three four five only exactly at`},
	{preposition, `in on at of for from to with within without by via per under over above below between among into onto upon
		through during after before across against until as about around near than`},
	{subordinate, "if when while where whenever unless until that which who whose whether because since although though once wherever what how why"},
	{condition, "if when while where whenever upon once after before during unless"},
	{opener, `the this a an when if in it these each all while where for see note nb increments transition upon after before with
		any every at on they there no as its during to once both system device software user users example`},
	{abbreviation, "e.g e.g. eg i.e i.e. ie etc approx incl resp fig figs no nr vs cf ca max min sec ref eq dr mr mrs st inc ltd vol pp ch app dept est"},
	{remark, "note notes nb example examples rationale comment comments remark remarks background hint explanation justification info e.g. eg n.b."},
	{pronoun, "it they this these those"},
	{verb, `abort accept accommodate achieve acquire activate adapt add adjust administer allocate allow analyse analyze annotate append apply approve
		archive assemble assert assess assign assume assure attach authenticate authorise authorize avoid begin block browse build bypass calculate
		calibrate cancel capture carry cease choose classify collapse collect combine command compare compensate
		compose compute configure confirm connect consider contain continue convert copy correlate count create customise customize
		deactivate decide declare decode decrease decrypt define delete deliver demonstrate deny derive detect determine differ
		disable discard disconnect discover dispense display distinguish distribute divide do download draw dump emit employ enable encode
		encrypt ensure enter erase escalate establish evaluate examine exclude execute exist expire export extend extract facilitate
		feature fetch fill find fit follow generate get give go grant guide have hide highlight hold identify ignore illuminate implement
		import improve include incorporate increase increment indicate inform inhibit initialise initialize initiate inject inspect install
		instruct integrate interact interface interpret interrupt invalidate invoke isolate issue keep launch let link load
		locate lock lose maintain make manage map match measure mitigate modify monitor move mute name navigate notify obtain occur
		offer operate overwrite parse pass perform permit persist play poll postpone predict prepare preserve prevent print
		prohibit prompt propagate protect prove provide publish pull push put raise reach react read recalculate receive recognise recognize
		recommend recompute reconnect recover redirect reduce refer reflect refuse register reject release remain remember remind remove rename
		render repeat replace reply reproduce require reset resolve respond restart restore restrict resume retain retrieve retry return
		reuse revert revoke roll rotate run sanitise sanitize satisfy save scale scan schedule select send serve set shift show shut
		sign silence simulate skip sort sound specify split start stay stop store submit subscribe subtract suggest supply suppress
		suspend switch synchronise synchronize take tell terminate test throw track transfer transform translate transmit trigger turn unblock
		uninstall unlock update upgrade upload use validate verify view visualise visualize wait wake warn withstand work write`},
	{nounVerb, `address alarm alert answer archive audit back backup balance block branch break bypass call cause change charge check clear close complete correct mean
		command control copy count cover cut cycle debug delay design display document draw dump edit end event exit export fail feed file
		filter fill fit flag flow focus format function group guard guide handle help import increase increment index input interface
		interrupt issue label launch lead level limit link list load lock log loop map mark match measure model monitor name note offer open
		order output override pair pass pause place plan play plot poll position power present process produce profile program prompt
		protocol pull pump purge push query queue range rate reach read record reference release repeat reply report request rescue reset
		response rest result return review roll route run sample save scale scan schedule score search seal secure sense separate service set
		shift show signal size sleep sort sound split stage start state step stop store stream structure supply support switch target test
		time trace track transfer transport trigger turn type update upgrade upload use user value view voice wait watch weight work wrap write zoom`},
	{participle, "reset set cut put read shut split let"},
	{stative, `based linked located licensed written implemented developed designed built hosted rated sized connected labelled labeled marked configured
		limited powered composed comprised made equipped insulated mounted trained structured organised organized defined specified named called
		interested intended dedicated related associated fixed set allowed permitted required considered compiled packaged certified
		qualified sealed grounded earthed coated shaped coloured colored painted situated placed arranged separated distributed
		localised localized versioned required supposed restricted integrated documented identified compatible needed
		red bed need embedded isolated unaffected unchanged unmodified unoccupied closed rounded aligned centered centred synchronised synchronized
		enabled disabled installed available accustomed aged detailed advanced nested encrypted signed typed shared capped bounded ordered numbered`},
	{unitWord | timeUnit, `s ms us µs ns sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks month months year years
		millisecond milliseconds microsecond microseconds nanosecond nanoseconds`},
	{unitWord, `percent cmh2o h2o h20 mmhg kpa mpa hpa pa bar mbar psi v mv kv volt volts ma µa ua amp amps ampere amperes w mw kw watt watts va wh kwh
		ah mah j kj joule joules hz khz mhz ghz bpm rpm fps db dba dbm k c f kelvin celsius fahrenheit degree degrees deg rad m cm mm µm um nm km
		meter meters metre metres centimeter centimeters millimeter millimeters millimetres inch inches ft foot feet mile miles
		l ml µl ul dl cl liter liters litre litres milliliter milliliters millilitres cc g kg mg µg ug ng gram grams kilogram kilograms pound pounds lb lbs oz
		n kn nm newton newtons lpm slpm iu mmol mol meq ppm ppb lux lm cd tonne tonnes ohm ohms µf pf nf tesla gy mgy sv msv
		bit bits byte bytes kb mb gb tb kib mib gib tib kbit mbit gbit kbps mbps gbps baud dpi ppi px pixel pixels`},
	{quantity, `pressure pressures temperature temperatures duration delay timeout interval latency frequency voltage speed velocity weight mass distance
		diameter flow humidity altitude dose resistance impedance bandwidth wavelength torque acceleration luminance brightness concentration`},
	{bound, `least most minimum maximum min max up within less more greater exceed exceeds exceeding below above under over between from than lower higher
		smaller larger longer shorter nominal rated resolution increments increment steps accuracy distance tolerance precision after range or beyond
		limit limits until every last previous earlier fewer threshold default typical typically approximately about around roughly nearly ca circa
		maximal minimal upper ranging ranges top full`},
	{link, `stay stays remain remains lie lies to go goes be is are of above below over under exceed exceeds not than less more greater lower higher at least most within between set drop
		drops fall falls rise rises keep equal equals reach reaches by from`},
	{comparative, `faster better easier larger smaller shorter longer greater quicker safer simpler stronger cheaper brighter smoother slower
		lighter heavier worse stricter wider narrower cleaner clearer softer harder`},
	{vagueVerb, `support handle process manage accommodate facilitate address consider`},
	{vagueVerbs, `supports handles processes manages accommodates facilitates`},
	{referred, `iec iso en din ieee astm ansi ul rfc cfr sae mil section chapter clause table figure fig version release part appendix annex page class type level
		step item no nr number id rev revision requirement line column port phase stage channel mode case option note volume group din category edition
		example test variant model series sample`},
	{adverb, `also then only always never both still even already again well fast first instead thus therefore optionally all`},
	{cleft, "easy possible clear important impossible necessary noted ensured assumed difficult simple hard essential useful desirable"},
}

// irregular are participles with their base forms.
const irregular = `sent:send shown:show given:give taken:take kept:keep held:hold read:read put:put reset:reset done:do made:make found:find
	chosen:choose written:write drawn:draw driven:drive broken:break begun:begin built:build bound:bind brought:bring cut:cut fed:feed
	felt:feel gotten:get got:get hidden:hide known:know laid:lay led:lead left:leave lost:lose met:meet overwritten:overwrite overridden:override
	paid:pay run:run said:say seen:see sent:send set:set shut:shut sold:sell split:split spent:spend spread:spread stuck:stick struck:strike
	taught:teach told:tell thrown:throw understood:understand undone:undo withdrawn:withdraw worn:wear lit:light woken:wake frozen:freeze
	displayed:display stored:store indicated:indicate recorded:record confirmed:confirm used:use saved:save logged:log`

// Languages that are told apart, English first.
const (
	english = iota
	german
	french
	spanish
	italian
	dutch
	portuguese
	swedish
	polish
	languageCount
)

// languageNames name them.
var languageNames = [languageCount]string{"English", "German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Swedish", "Polish"}

// smallWords are frequent words of each language. A word of several languages counts for each.
var smallWords = [languageCount]string{
	english: `the of and to shall is be for with that must when if or by are not this from should will can may which it has have as each its at a on in
		than while all any been system user device`,
	german: `der die das und ist nicht wird werden muss müssen soll sollen ein eine einen einem einer mit für auf bei von zu den dem des im oder wenn darf
		kann können sich als auch nach über durch zum zur aus am hier es sie nur gerät benutzer`,
	french:     `le la les des est doit doivent une un et pour dans avec sur par pas que qui du au aux ne sont être ou si ce cette le système l'utilisateur`,
	spanish:    `el la los las es debe deben una un y para en con por no que de del al se su cuando si o sistema usuario`,
	italian:    `il lo la gli le è deve devono una un e per in con su da non che di del della nel si quando o sistema utente`,
	dutch:      `de het een en is niet moet moeten met voor op bij van te dat die als wordt worden of kan zal zijn systeem gebruiker`,
	portuguese: `o a os as é deve devem uma um e para em com por não que de do da no na se quando ou sistema usuário`,
	swedish:    `och att det som en är inte ska skall med för på av den till vid om kan eller när systemet`,
	polish:     `i w na z do jest nie musi powinien się że oraz lub gdy przez dla system użytkownik`,
}
