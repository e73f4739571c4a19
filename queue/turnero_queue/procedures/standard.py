"""What the standard fixes: its version, its themes, and the provinces by their official number.

Source: argob/estandares, informacion-de-tramites.md and recursos/tramites.json, version 2.
"""

from collections.abc import Mapping
from types import MappingProxyType

VERSION = 2
# Id -> label and description, in Spanish as the standard has them: no others may be used.
THEMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ambiente": ("Ambiente, agro y alimentos", "Sanidad animal y vegetal, químicos."),
        "beneficios": ("Beneficios sociales", "Familia, jubilación, discapacidad."),
        "ciencia": (
            "Ciencia, tecnología e innovación",
            "Marcas y patentes, licencias, capacitación.",
        ),
        "comercio": ("Comercio interior y exterior", "Autorizaciones, licencias."),
        "comunicaciones": ("Comunicaciones", "Habilitaciones, licencias."),
        "cultura": ("Cultura, educación y deporte", "Títulos, bibliotecas y museos, becas."),
        "derechos": (
            "Derechos humanos, seguridad y justicia",
            "Resolución de conflictos, registro de bienes.",
        ),
        "documentos": ("Documentación ciudadana", "DNI, pasaporte, antecedentes."),
        "energia": ("Energía", "Reclamos por servicios."),
        "finanzas": ("Finanzas e impuestos", "Monotributo, declaración jurada, CUIT."),
        "salud": ("Salud", "Obras sociales y prepagas, habilitaciones."),
        "sociedad": (
            "Sociedades, industria y negocios",
            "Inscripciones, registros, autorizaciones.",
        ),
        "trabajo": ("Trabajo", "Seguros, aportes, formación."),
        "transporte": ("Transporte", "Particular, profesional, empresas."),
        "turismo": (
            "Turismo y migraciones",
            "Servicios turísticos, entrar y salir del país.",
        ),
        "vivienda": ("Inmuebles y vivienda", "Habilitaciones, Registros y proyectos."),
    }
)
# The standard's own examples call two themes otherwise than its table.
ALSO: Mapping[str, str] = MappingProxyType({"social": "beneficios", "doc": "documentos"})
PROVINCES: Mapping[int, str] = MappingProxyType(
    {
        2: "Ciudad Autónoma de Buenos Aires",
        6: "Buenos Aires",
        10: "Catamarca",
        14: "Córdoba",
        18: "Corrientes",
        22: "Chaco",
        26: "Chubut",
        30: "Entre Ríos",
        34: "Formosa",
        38: "Jujuy",
        42: "La Pampa",
        46: "La Rioja",
        50: "Mendoza",
        54: "Misiones",
        58: "Neuquén",
        62: "Río Negro",
        66: "Salta",
        70: "San Juan",
        74: "San Luis",
        78: "Santa Cruz",
        82: "Santa Fe",
        86: "Santiago del Estero",
        90: "Tucumán",
        94: "Tierra del Fuego, Antártida e Islas del Atlántico Sur",
    }
)
