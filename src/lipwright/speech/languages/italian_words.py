"""What Italian spelling does not say: stress, open vowels and voiced z of common words."""

from __future__ import annotations

from typing import Final

from lipwright.speech.languages.rules import words

PROPAROXYTONES: Final = words(
    "abit accender affabil alber alcolic ammetter analog angel angol anim arid artefic "
    "arteri articol asin astrolog astronom atom attim autentic automobil autonom avid "
    "bambol barometr basilic batter benefic biblic biolog boccol brivid calcol camer candid "
    "cardiac caric catalog cattolic cavol celebr cembal chiacchier chieder chilometr chimic circol "
    "civic codic colloc combatter comic commetter comod compit comprender comput concav "
    "correr cosmic critic cucciol cumul cupol debit debol decim dedit deposit despot "
    "diabolic dialog diametr diavol difficil discepol disput dodic domenic economic edicol "
    "edific elettric energic epic epilog epoc equivoc ergastol eroic esercit esser etnic "
    "fabbric facil fertil fiaccol fiammifer filosof filosofic fisic formul fotograf fragil "
    "frigid frottol fulmin funebr gallic gasometr gelid gener giudic gomit gondol grafic "
    "grandin gravid immagin impossibil incredibil indic insol intim intrepid ipocrit ironic "
    "isol lacrim lampad lapid lastric lecit letter liber limit limpid liquid logic lubric "
    "lucid macchin magic magnific malefic malinconic manic marmor massim meccanic medic "
    "mensol merit metallic metter minim miracol miser mistic mobil modul molecol monolog "
    "morbid morder muover muscol music nautic nebul nobil nomad nomin numer nuvol omolog "
    "oper orfan organ origin ospit ossigen ostacol ottim pacific pagin palpebr panic "
    "parabol parametr patetic pavid pecor pendol pentol perder perfid pericol perimetr "
    "permetter pessim petal piccol piover piram plastic platin polemic politic pollic popol "
    "portic possibil pover pratic prender pretender probabil profug prolog pronostic "
    "prossim psicolog pubblic public pulpit pungol quattordic quindic rapid recit reddit "
    "regol render replic ridicol rigid rispettabil romantic rotol rustic sabat salic sandal "
    "scandal scatol scheletr scientific scivol scrupol secol sedic semafor semin semplic "
    "sensibil sillab simbol simil simpatic singol sintom smetter soffic solid sollecit "
    "spicciol spigol spirit splendid squallid stabil stimol stolid storic stupid suddit "
    "tacit tavol tecnic telefon tenebr termin termometr tessil tiepid timid topic torbid "
    "tortor tossic tragic trapan trasmetter tredic tropic tunic turgid ultim umid umil "
    "undic unic util valid vandal vedov veicol vergin vertebr vescov vigil vincol virgol "
    "visibil visit vittim vomit zingar zoccol zuccher"
)
"""Words without their last vowel that are stressed on the third syllable from the end."""

EARLY: Final = words(
    "abita abitano aerea applica aprono area arrivano ascoltano aspettano camere cantano "
    "capiscono cenere cercano chiedono chiudono cominciano comprano comunica conoscono "
    "considera contemporaneo corrono credono crimine desidera desiderano determina devono "
    "dicono diventano dormono dubita elimina esamina esita essere estraneo evita fabbrica "
    "finiscono fotografa fotografo fulmine genera genere giocano giovani guardano idonea "
    "illumina immagina immagine immagini indica lavorano leggono lettere libera linea "
    "macchina mangiano margine margini mediterraneo merita mettono modifica momentaneo "
    "nomina nomini numera oceano opera opere ordina ordine ordini origine origini pagine "
    "paragrafo parlano partono polvere portano possono pratica preferiscono prendono "
    "preparano provano recita restano ridere rispondono sanguina scrivono sembrano sentono "
    "significa simultanea sotterraneo spontaneo supera telegrafo tempera temporaneo termina "
    "termine termini tessere trovano uomini usano vedono vendono vergine verifica vincono "
    "visita vivono vogliono"
)
"""Whole words that are stressed there."""

LATE_INFINITIVES: Final = words(
    "avere vedere sapere potere dovere volere tenere cadere temere godere piacere "
    "tacere rimanere valere parere sedere mantenere contenere ottenere appartenere "
    "sostenere trattenere possedere provvedere prevedere dispiacere persuadere "
    "giacere dolere bicchiere carriere ingegnere mestiere bandiere guerriere "
    "cavaliere quartiere sentiere parrucchiere cameriere infermiere barriere maniere "
    "preghiere frontiere miniere intere severe vere sere nere"
)
"""Words in -ere that are stressed on the last e but one; the others on the syllable before."""

IMPERATIVES: Final = words(
    "aggiungi aiuta apri ascolta aspetta attiva cambia carica cerca chiama chiedi chiudi clicca "
    "compra conserva contatta controlla copia credi elimina evita gira guarda inserisci invia "
    "invita lascia lava leggi manda mangia metti mostra muovi ordina paga parla passa pensa "
    "porta prega prendi prenota prepara prova racconta raggiungi ricorda rispondi salva scarica "
    "scegli scopri scrivi scusa segui senti spiega sposta taglia tieni tira togli trova usa "
    "vedi vendi vieni visita"
)
"""Verbs that tell somebody to do something, which pronouns are hung on: ``scrivi`` + ``mi``."""

OPEN: Final = tuple(
    words(
        "bell ben sett vent piov invern test temp terr gent present sempr cent pens prend mett "
        "sorell ospedal "
        "tren chies guerr problem nostr vostr cos noss poc pod posson "
        "nov nott ott port ogg occhi fort mort cort stori mod scuol uom fuor buon nuov cuor suon "
        "pietr pied ier spess press prest cert concert sent stud dirett lett medi serv vers pers "
        "tele legg bicicl merc esemp event moment element appartament document argoment"
    )
)
"""Beginnings of words whose stressed e or o is open; the others are closed."""

VOICED_Z: Final = tuple(
    words(
        "zero zona zone zanzar zebr zaino zelo mezz azzurr pranz romanz bronz benzin "
        "organizz realizz utilizz orizz analizz autorizz caratterizz civilizz garz gazz "
        "ozono rozz zodiac zoo"
    )
)
"""Beginnings of words whose z is voiced, as in ``mezzo``."""
