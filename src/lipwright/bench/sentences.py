"""What every voice says when its words are counted: varied, and nothing that two spellings have."""

from __future__ import annotations

from typing import Final

_ENGLISH: Final = """
The new coffee shop on the corner opens at seven in the morning.
Please send me the report before the end of the week, so that we can talk about it on Monday.
My grandmother taught me how to bake bread when I was five years old.
Have you ever wondered why the sky turns red in the evening?
Our customers save about 20 percent of their time with this simple tool.
The children played in the garden until it started to rain.
Never open the window while the machine is running.
She bought a blue jacket, two pairs of shoes and a warm scarf for the winter.
Scientists believe that the river changed its course thousands of years ago.
If you have a question, write to us, and somebody will answer within a day.
The train to the airport leaves every 15 minutes from platform three.
This video shows you how to build a strong password that you can remember.
He was surprised by how quickly the small company had grown.
Fresh vegetables, good sleep and a little exercise keep most people healthy.
"""

SENTENCES: Final[dict[str, str]] = {
    "en-US": _ENGLISH,
    "en-GB": _ENGLISH,
    "es-ES": """
La nueva cafetería de la esquina abre a las siete de la mañana.
Por favor, envíame el informe antes del final de la semana para que podamos hablar el lunes.
Mi abuela me enseñó a hacer pan cuando yo tenía cinco años.
¿Alguna vez te has preguntado por qué el cielo se vuelve rojo por la tarde?
Nuestros clientes ahorran un 20 por ciento de su tiempo con esta sencilla herramienta.
Los niños jugaron en el jardín hasta que empezó a llover.
Nunca abras la ventana mientras la máquina está funcionando.
Ella compró una chaqueta azul, dos pares de zapatos y una bufanda para el invierno.
Los científicos creen que el río cambió su curso hace miles de años.
Si tienes una pregunta, escríbenos y alguien te responderá en un día.
El tren al aeropuerto sale cada 15 minutos desde la plataforma tres.
Este vídeo muestra cómo crear una contraseña segura que puedas recordar.
""",
    "fr-FR": """
Le nouveau café du coin ouvre à sept heures du matin.
Envoyez-moi le rapport avant la fin de la semaine, pour que nous puissions en parler lundi.
Ma grand-mère m'a appris à faire du pain quand j'avais cinq ans.
Pourquoi le ciel devient-il rouge le soir ?
Nos clients gagnent environ 20 pour cent de leur temps avec cet outil simple.
Les enfants ont joué dans le jardin jusqu'à ce qu'il commence à pleuvoir.
Il ne faut jamais ouvrir la fenêtre pendant que la machine tourne.
Elle a acheté une veste bleue, un pantalon noir et une écharpe pour l'hiver.
Les scientifiques pensent que le fleuve a changé de cours il y a des milliers d'années.
Si vous avez une question, écrivez-nous et quelqu'un vous répondra dans la journée.
Le train pour l'aéroport part toutes les 15 minutes du quai numéro trois.
Cette vidéo vous montre comment choisir un bon mot de passe.
""",
    "it-IT": """
Il nuovo bar all'angolo apre alle sette del mattino.
Per favore, mandami la relazione prima della fine della settimana, così ne parliamo lunedì.
Mia nonna mi ha insegnato a fare il pane quando avevo cinque anni.
Ti sei mai chiesto perché il cielo diventa rosso la sera?
I nostri clienti risparmiano circa il 20 per cento del loro tempo con questo semplice strumento.
I bambini hanno giocato in giardino finché non ha cominciato a piovere.
Non aprire mai la finestra mentre la macchina è in funzione.
Mia sorella ha comprato una giacca blu, due paia di scarpe e una sciarpa per l'inverno.
Gli scienziati credono che il fiume abbia cambiato il suo corso migliaia di anni fa.
Se hai una domanda, scrivici e qualcuno ti risponderà entro un giorno.
Il treno per l'aeroporto parte ogni 15 minuti dal binario tre.
Questo video mostra come creare una password sicura che puoi ricordare.
Il medico mi ha consigliato di camminare mezz'ora ogni giorno e di bere molta acqua.
La biblioteca della città vecchia resta chiusa durante tutto il mese di agosto.
Abbiamo preso l'autobus sbagliato e siamo arrivati in ritardo alla riunione.
Quanto costa spedire un pacco piccolo dall'altra parte del mondo?
Il mio vicino coltiva pomodori, zucchine e basilico sul balcone.
Prima di cucinare la pasta bisogna aspettare che l'acqua bolla.
Il vecchio ponte di pietra collega le due parti del paese.
Ricordati di spegnere la luce quando esci dalla stanza.
""",
    "pt-BR": """
O novo café da esquina abre às sete horas da manhã.
Por favor, me envie o relatório antes do fim da semana, para que possamos conversar na segunda.
Minha avó me ensinou a fazer pão quando eu tinha cinco anos.
Você já se perguntou por que o céu fica vermelho no fim da tarde?
Nossos clientes economizam cerca de 20 por cento do tempo com esta ferramenta simples.
As crianças brincaram no jardim até começar a chover.
Nunca abra a janela enquanto a máquina está funcionando.
Ela comprou uma jaqueta azul, dois pares de sapatos e um cachecol para o inverno.
Os cientistas acreditam que o rio mudou de curso há milhares de anos.
Se você tiver uma pergunta, escreva para nós e alguém vai responder em um dia.
O trem para o aeroporto sai a cada 15 minutos da plataforma três.
Este vídeo mostra como criar uma senha segura que você consegue lembrar.
""",
    "ja-JP": """
角の新しい喫茶店は朝七時に開きます。
週末までに報告書を送ってください。月曜日に話しましょう。
私が五歳の時、祖母がパンの作り方を教えてくれました。
夕方の空がなぜ赤くなるのか、考えたことがありますか。
この簡単な道具で、お客様は時間を二十パーセント節約できます。
子供たちは雨が降り始めるまで庭で遊びました。
機械が動いている間は、絶対に窓を開けないでください。
彼女は冬のために青い上着と靴とマフラーを買いました。
科学者たちは、その川の流れが何千年も前に変わったと考えています。
質問があれば、メールを書いてください。一日以内に返事をします。
空港行きの電車は十五分ごとに三番線から出ます。
このビデオは、覚えやすくて安全なパスワードの作り方を紹介します。
""",
    "zh-CN": """
街角那家新开的咖啡店每天早上七点开门。
请在周末之前把报告发给我，我们星期一再讨论。
我五岁的时候，奶奶教我怎么做面包。
你有没有想过，为什么傍晚的天空会变红？
使用这个简单的工具，我们的客户可以节省大约20%的时间。
孩子们在花园里玩，一直玩到开始下雨。
机器运转的时候，千万不要打开窗户。
她买了一件蓝色的外套、两双鞋子和一条过冬的围巾。
科学家认为，这条河流在几千年前改变了方向。
如果您有问题，请给我们写信，一天之内就会有人回复。
去机场的火车每15分钟一班，从三号站台出发。
这个视频教你怎么设置一个安全又好记的密码。
""",
}
"""Twelve or more sentences a language, one a line: questions, commands, numbers, lists."""
