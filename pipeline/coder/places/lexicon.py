"""Words around names of places, in lower case, by what they tell."""

# Prepositions of being somewhere.
IN = frozenset("across around between beyond in inside into near outside throughout toward towards within".split())
# Prepositions of going or coming.
FROM = frozenset("at from leaving off over through to via".split())
# Words after which a name is rather somebody.
BY = frozenset("added against and asked by said says told with".split())
# Words that pick a part of the place that follows.
DIRECTIONS = frozenset(
    "central downtown east eastern greater lower metro metropolitan mid nearby north northeast northeastern northern northwest "
    "northwestern rural south southeast southeastern southern southwest southwestern suburban upper upstate west western".split()
)
# Words before the name of a person.
TITLES = frozenset(
    "adm ambassador attorney bishop brother capt cardinal chairman chairwoman chief coach col commissioner congressman congresswoman "
    "councilman councilwoman cpl deputy detective director dr father gen gov governor judge justice king lady lord lt maj manager mayor "
    "minister miss mr mrs ms officer pastor pope president prince princess principal prof professor pvt queen rep representative reps "
    "rev secretary sen senator sens sgt sheriff sir sister spokesman spokeswoman superintendent".split()
)
# Words that make what stands before them a street.
STREETS = frozenset(
    "alley ave avenue blvd boulevard circle close court crescent ct dr drive expressway freeway grove highway hwy lane ln mews parkway "
    "pike pkwy pl place rd road row square st street terrace trail turnpike walk way".split()
)
# Capitalised words that make what stands before them an institution, mostly of that place.
INSTITUTIONS = frozenset(
    "airport area association board borough center central centre chamber city club college community council county courthouse "
    "democratic democrats department development district economic elementary federal fire general government health herald high "
    "hospital house housing international legislature library medical memorial metro metropolitan middle municipal museum national news "
    "orchestra parish park parks police province public regional republic republican republicans school schools senate sheriff society "
    "state state's supreme symphony times town township university village water zoo".split()
)
# Nouns that a town is put before: "an Athens man".
PEOPLE = frozenset(
    "apartment area attorney authorities border boy businessman city company council couple court driver family father firefighters "
    "girl government home homes hospital house judge jury lawmaker lawmakers lawyer man mayor men mother motorist native natives "
    "neighborhood office officer officers offices official officials parents plant police region resident residents school schools "
    "store student students suburb suburbs teacher teen town village voters woman women".split()
)
# Words that are some town's name and nearly always mean something else.
COMMON = frozenset(
    "academy arab army august bank baptist battle bay best bishop black blue board bridge brown bush catholic center central chapel "
    "christian christmas church clay college commerce corner court cross delta eagle east easter eastern energy enterprise faith "
    "federal force ford forest fox friend general golden good grand grant grass gray great green grove gulf hall hill holiday home hope "
    "house hunter imperial independence industry justice king lake law liberal liberty long low major man many march marine mark market "
    "may media mercury mill mobile moon most much muslim national new nice normal north northern ocean of old opportunity orange "
    "ordinary park peace phoenix police power pride prince progress protection queen reading red republic reserve rice rich river rock "
    "rose royal saint salem school sea senate shell silver smith snow social south southern spring star state stone story street strong "
    "summer summit sun superior surprise temple titan tower town toyota trade trail union united university valley van victory village "
    "vision volunteer walker war water welcome west western white will wing winter wise wood young".split()
)
# Verbs after what is rather a person.
SAYING = frozenset("added asked explained had has is noted said says testified told was went wrote".split())
# Endings that English, German, Persian, Slavonic and Indian names of towns have in common.
ENDINGS = tuple(
    "abad burg burgh bury caster chester dale field ford grad ham haven land mouth polis port pur shire stan ton town vale ville "
    "wood".split()
)
