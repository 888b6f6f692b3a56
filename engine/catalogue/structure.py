"""Problems of structure: keys and kinds of values that a file does not take."""

from engine.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    Entry("S101", "error", "Cheia „{name}” nu este cunoscută aici; se pot scrie: {allowed}.", "The key “{name}” is not known here; allowed: {allowed}.",
          "Corectați sau ștergeți cheia.", "Correct or delete the key.", "formla: 'n'"),
    Entry("S102", "error", "Lipsește: „{name}”.", "Missing: “{name}”.", "Adăugați ce lipsește.", "Add what is missing.", "{code: x}"),
    Entry("S103", "error", "Aici se cere {wanted}, dar este {found}.", "{wanted} is wanted here, not {found}.",
          "Schimbați valoarea; textele care seamănă cu altceva se pun în ghilimele.", "Change the value; texts that look like something else take quotes.", "min: unu"),
    Entry("S104", "error", "„{value}” nu este una dintre valorile: {allowed}.", "“{value}” is not one of: {allowed}.",
          "Alegeți o valoare din listă.", "Choose a value of the list.", "severity: grav"),
    Entry("S105", "error", "„{value}” nu are forma cerută ({wanted}).", "“{value}” is not of the form wanted ({wanted}).",
          "Corectați scrierea.", "Correct the spelling.", "code: 'A B'"),
    Entry("S106", "error", "Lipsește textul în limba principală („{language}”).", "The text in the primary language (“{language}”) is missing.",
          "Adăugați traducerea de bază.", "Add the basic text.", "label: {en: Names}"),
    Entry("S107", "error", "Limba „{name}” nu este declarată ({allowed}).", "The language “{name}” is not declared ({allowed}).",
          "Declarați limba în methodology.yaml sau ștergeți textul.", "Declare the language in methodology.yaml or delete the text.", "label: {de: …}"),
    Entry("S108", "error", "Sunt prea puține ({found}); trebuie măcar {wanted}.", "There are too few ({found}); at least {wanted} needed.",
          "Completați.", "Add some.", "bands: []"),
    Entry("S109", "error", "Valoarea {value} nu este în limitele admise ({wanted}).", "The value {value} is outside the limits ({wanted}).",
          "Corectați numărul.", "Correct the number.", "max_places: 99"),
    Entry("S110", "error", "În listă, ceva este scris de două ori.", "Something stands twice in the list.",
          "Păstrați o singură dată fiecare element.", "Keep each element once.", "parameters: [a, a]"),
    Entry("S111", "error", "Limba principală „{name}” nu este printre limbile declarate ({allowed}).", "The primary language “{name}” is not among the languages ({allowed}).",
          "Adăugați limba la „languages” sau corectați „primary_language”.", "Add the language to “languages” or correct “primary_language”.", "primary_language: de"),
    Entry("S112", "warning", "Limba „{language}”: {done} din {all} texte sunt traduse ({percent}%); lipsesc, de exemplu, la {places}.", "Language “{language}”: {done} of {all} texts are translated ({percent}%); missing for example at {places}.",
          "Adăugați traducerile care lipsesc.", "Add the missing translations.", ""),
)  # fmt: skip
