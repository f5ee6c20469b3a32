"""The lexicons of Spanish, French, Italian and Portuguese."""

from __future__ import annotations

from typing import Final

from lipwright.speech.languages import numbers
from lipwright.speech.languages.lexicon import Lexicon


def _table(text: str) -> dict[str, str]:
    """``"a=one b=two"``; an underscore is a space."""
    pairs = (entry.split("=", 1) for entry in text.split())
    return {key: value.replace("_", " ") for key, value in pairs}


def _units(text: str) -> dict[str, tuple[str, str]]:
    """``"km=kilómetro,kilómetros"``."""
    found = {}
    for unit, names in _table(text).items():
        one, _, many = names.partition(",")
        found[unit] = (one, many or one)
    return found


def _months(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _names(text: str) -> dict[str, str]:
    return dict(zip("abcdefghijklmnopqrstuvwxyz", text.split(), strict=True))


def _same(words: str) -> str:
    return words


def _spanish_clock(hour: int, minute: int) -> str:
    said = numbers.spanish(hour)
    return f"{said} {numbers.spanish(minute)}" if minute else f"{said} en punto"


def _french_clock(hour: int, minute: int) -> str:
    said = "une heure" if hour == 1 else f"{numbers.french(hour)} heures"
    return f"{said} {numbers.french(minute)}" if minute else said


def _italian_clock(hour: int, minute: int) -> str:
    said = numbers.italian(hour)
    return f"{said} e {numbers.italian(minute)}" if minute else f"{said} in punto"


def _portuguese_clock(hour: int, minute: int) -> str:
    said = {1: "uma", 2: "duas"}.get(hour, numbers.portuguese(hour))
    hours = f"{said} hora{'s' if hour != 1 else ''}"
    return f"{hours} e {numbers.portuguese(minute)}" if minute else hours


SPANISH: Final = Lexicon(
    language="Spanish",
    cardinal=numbers.spanish,
    ordinal=numbers.spanish_ordinal,
    before_noun=numbers.spanish_before_noun,
    clock=_spanish_clock,
    point="coma",
    minus="menos",
    to="a",
    cents_joint="con",
    months=_months(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    date="{day} de {month} de {year}",
    first_of_month="uno",
    ordinal_marks="o|a|er",
    currencies={
        "€": ("un euro", "euros", "céntimo", "céntimos"),
        "$": ("un dólar", "dólares", "centavo", "centavos"),
        "£": ("una libra", "libras", "penique", "peniques"),
        "¥": ("un yen", "yenes", "", ""),
    },
    units=_units(
        "%=por_ciento km=kilómetro,kilómetros m=metro,metros cm=centímetro,centímetros "
        "mm=milímetro,milímetros kg=kilo,kilos g=gramo,gramos mg=miligramo,miligramos "
        "l=litro,litros ml=mililitro,mililitros "
        "°C=grado,grados °=grado,grados h=hora,horas min=minuto,minutos "
        "km/h=kilómetro_por_hora,kilómetros_por_hora GB=gigabyte,gigabytes MB=megabyte,megabytes"
    ),
    signs=_table(
        "&=y +=más %=por_ciento ==igual_a @=arroba #=número $=dólares €=euros £=libras °=grados "
        "×=por ÷=entre /=barra .=punto _=guion_bajo -=guion"
    ),
    names=_names(
        "a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve "
        "uvedoble equis igriega zeta"
    )
    | {"ñ": "eñe", "w": "uve doble", "y": "i griega"},
    abbreviations=_table(
        "sr=señor sra=señora srta=señorita dr=doctor dra=doctora d=don dña=doña ud=usted "
        "uds=ustedes etc=etcétera pág=página núm=número tel=teléfono av=avenida avda=avenida "
        "prof=profesor ej=ejemplo aprox=aproximadamente"
    ),
)

FRENCH: Final = Lexicon(
    language="French",
    cardinal=numbers.french,
    ordinal=numbers.french_ordinal,
    before_noun=_same,
    clock=_french_clock,
    point="virgule",
    minus="moins",
    to="à",
    cents_joint="et",
    months=_months(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
    date="{day} {month} {year}",
    first_of_month="premier",
    ordinal_marks="er|re|e|ème|eme|o",
    currencies={
        "€": ("un euro", "euros", "centime", "centimes"),
        "$": ("un dollar", "dollars", "cent", "cents"),
        "£": ("une livre", "livres", "penny", "pence"),
        "¥": ("un yen", "yens", "", ""),
    },
    units=_units(
        "%=pour_cent km=kilomètre,kilomètres m=mètre,mètres cm=centimètre,centimètres "
        "mm=millimètre,millimètres kg=kilo,kilos g=gramme,grammes mg=milligramme,milligrammes "
        "l=litre,litres ml=millilitre,millilitres °C=degré,degrés °=degré,degrés h=heure,heures "
        "min=minute,minutes km/h=kilomètre_heure,kilomètres_heure Go=gigaoctet,gigaoctets "
        "Mo=mégaoctet,mégaoctets"
    ),
    signs=_table(
        "&=et +=plus %=pour_cent ==égale @=arobase #=dièse $=dollars €=euros £=livres °=degrés "
        "×=fois ÷=divisé_par /=barre .=point _=tiret_bas -=tiret"
    ),
    names=_names(
        "a bé cé dé e effe gé ache i ji ka elle emme enne o pé cu erre esse té u vé doublevé "
        "ixe igrec zède"
    )
    | {"w": "double vé", "y": "i grec"},
    abbreviations=_table(
        "m=monsieur mm=messieurs mme=madame mlle=mademoiselle dr=docteur etc=etcétéra "
        "av=avenue bd=boulevard tél=téléphone prof=professeur ex=exemple env=environ st=saint"
    ),
)

ITALIAN: Final = Lexicon(
    language="Italian",
    cardinal=numbers.italian,
    ordinal=numbers.italian_ordinal,
    before_noun=numbers.italian_before_noun,
    clock=_italian_clock,
    point="virgola",
    minus="meno",
    to="a",
    cents_joint="e",
    months=_months(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
        "novembre dicembre"
    ),
    date="{day} {month} {year}",
    first_of_month="primo",
    ordinal_marks="o|a|°",
    currencies={
        "€": ("un euro", "euro", "centesimo", "centesimi"),
        "$": ("un dollaro", "dollari", "centesimo", "centesimi"),
        "£": ("una sterlina", "sterline", "penny", "pence"),
        "¥": ("uno yen", "yen", "", ""),
    },
    units=_units(
        "%=per_cento km=chilometro,chilometri m=metro,metri cm=centimetro,centimetri "
        "mm=millimetro,millimetri kg=chilo,chili g=grammo,grammi mg=milligrammo,milligrammi "
        "l=litro,litri ml=millilitro,millilitri °C=grado,gradi h=ora,ore min=minuto,minuti "
        "km/h=chilometro_orario,chilometri_orari GB=gigabyte MB=megabyte"
    ),
    signs=_table(
        "&=e +=più %=per_cento ==uguale @=chiocciola #=cancelletto $=dollari €=euro £=sterline "
        "°=gradi ×=per ÷=diviso /=barra .=punto _=trattino_basso -=trattino"
    ),
    names=_names(
        "a bi ci di e effe gi acca i ilunga cappa elle emme enne o pi cu erre esse ti u vu "
        "doppiavù ics ipsilon zeta"
    )
    | {"j": "i lunga", "w": "doppia vù"},
    abbreviations=_table(
        "sig=signor sigg=signori dott=dottor dr=dottor avv=avvocato prof=professor ing=ingegner "
        "ecc=eccetera pag=pagina tel=telefono es=esempio ca=circa"
    ),
)

PORTUGUESE: Final = Lexicon(
    language="Portuguese",
    cardinal=numbers.portuguese,
    ordinal=numbers.portuguese_ordinal,
    before_noun=_same,
    clock=_portuguese_clock,
    point="vírgula",
    minus="menos",
    to="a",
    cents_joint="e",
    months=_months(
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
    ),
    date="{day} de {month} de {year}",
    first_of_month="primeiro",
    ordinal_marks="o|a|°",
    currencies={
        "R$": ("um real", "reais", "centavo", "centavos"),
        "US$": ("um dólar", "dólares", "centavo", "centavos"),
        "$": ("um dólar", "dólares", "centavo", "centavos"),
        "€": ("um euro", "euros", "centavo", "centavos"),
        "£": ("uma libra", "libras", "pêni", "pence"),
    },
    units=_units(
        "%=por_cento km=quilômetro,quilômetros m=metro,metros cm=centímetro,centímetros "
        "mm=milímetro,milímetros kg=quilo,quilos g=grama,gramas mg=miligrama,miligramas "
        "l=litro,litros ml=mililitro,mililitros °C=grau,graus min=minuto,minutos "
        "km/h=quilômetro_por_hora,quilômetros_por_hora GB=gigabyte,gigabytes MB=megabyte,megabytes"
    ),
    signs=_table(
        "&=e +=mais %=por_cento ==igual_a @=arroba #=número $=dólares €=euros £=libras °=graus "
        "×=vezes ÷=dividido_por /=barra .=ponto _=sublinhado -=hífen"
    ),
    names=_names(
        "a bê cê dê e éfe gê agá i jota cá éle ême êne o pê quê érre ésse tê u vê dáblio xis "
        "ípsilon zê"
    ),
    abbreviations=_table(
        "sr=senhor sra=senhora srta=senhorita dr=doutor dra=doutora prof=professor "
        "profa=professora etc=etcétera pág=página tel=telefone av=avenida ex=exemplo"
    ),
)
