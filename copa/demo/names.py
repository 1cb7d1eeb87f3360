"""Words for invented people and places. Surnames are put together from syllables: they are nobody's."""

from itertools import product

_BEGINNINGS = (
    "Bel", "Bri", "Cas", "Cha", "Cler", "Cor", "Dar", "Dor", "Fau", "Fon", "Gar", "Gui", "Har", "Jan", "Lam", "Lor",
    "Mar", "Mon", "Nor", "Per", "Rav", "Rou", "Sau", "Ser", "Tal", "Tor", "Val", "Ver", "Vil", "Zan",
)  # fmt: skip
_ENDINGS = (
    "andre", "ardin", "aquin", "aubel", "ceval", "dreuil", "elin", "emois", "enac", "erval", "iboux", "ignol",
    "imbert", "monel", "naudet", "orain", "oriaux", "quevin", "rolet", "savel", "taillon", "tevin", "vasset",
    "vigneau",
)  # fmt: skip
SURNAMES = tuple(first + last for first, last in product(_BEGINNINGS, _ENDINGS))

WOMEN = (
    "Aïcha", "Alice", "Amandine", "Amina", "Anaïs", "Aurélie", "Camille", "Caroline", "Céline", "Charlotte", "Chloé",
    "Clara", "Coralie", "Delphine", "Élodie", "Émilie", "Emma", "Estelle", "Eva", "Fanny", "Fatou", "Flavie", "Gaëlle",
    "Hélène", "Inès", "Jade", "Jeanne", "Julie", "Justine", "Karima", "Laura", "Laure", "Léa", "Leïla", "Lina",
    "Louise", "Lucie", "Manon", "Margaux", "Marine", "Marion", "Mathilde", "Mélanie", "Nadia", "Nora", "Océane",
    "Pauline", "Rania", "Samira", "Sarah", "Sofia", "Solène", "Sonia", "Soraya", "Tiffany", "Valentine", "Yasmine",
    "Zoé",
)  # fmt: skip
MEN = (
    "Adrien", "Alexis", "Amadou", "Antoine", "Arthur", "Baptiste", "Benoît", "Cédric", "Clément", "Damien", "David",
    "Fabien", "Florian", "Gaël", "Guillaume", "Hugo", "Idriss", "Jérémy", "Julien", "Karim", "Kévin", "Loïc", "Lucas",
    "Marc", "Mathieu", "Maxime", "Mehdi", "Nicolas", "Olivier", "Paul", "Quentin", "Romain", "Samuel", "Simon",
    "Sylvain", "Thibault", "Thomas", "Tristan", "Victor", "Yann",
)  # fmt: skip
GIRLS = (
    "Adèle", "Agathe", "Alma", "Ambre", "Anna", "Awa", "Capucine", "Charlie", "Élise", "Éva", "Inaya", "Iris", "Jade",
    "Julia", "Léna", "Léonie", "Lou", "Louna", "Lya", "Maëlle", "Mila", "Mia", "Nina", "Olivia", "Romane", "Rose",
    "Salomé", "Sienna", "Victoire", "Zélie",
)  # fmt: skip
BOYS = (
    "Aaron", "Adam", "Ali", "Arthur", "Augustin", "Côme", "Eliott", "Ethan", "Gabin", "Gabriel", "Hugo", "Isaac",
    "Jules", "Léo", "Liam", "Lucas", "Malo", "Marius", "Milo", "Nathan", "Naël", "Noé", "Oscar", "Owen", "Raphaël",
    "Robin", "Sacha", "Sami", "Tom", "Valentin",
)  # fmt: skip

STREETS = (
    "rue des Tanneurs", "rue du Lavoir", "chemin des Aulnes", "place du Vieux Marché", "rue de la Fontaine",
    "impasse des Cerisiers", "rue des Forges", "allée des Charmes", "rue du Moulin", "route de la Scierie",
    "rue Basse", "rue des Vergers", "avenue de la Gare", "rue du Four", "sentier des Ronces", "cour des Halles",
    "rue des Écoles", "rue du Pont Neuf", "quai des Bateliers", "rue de l’Étang",
)  # fmt: skip
HINTS = (
    "Portail vert, sonner deux fois", "2e étage, code 2580 B", "Chien gentil, attaché", "Se garer devant l’école",
    "Interphone au nom du coparent", "Dernière maison à gauche", "Bâtiment C, ascenseur en panne",
    "Entrer par la cour",
)  # fmt: skip
