"""The census file of individuals, opened where it lies: nothing is read before a question is asked.

DuckDB answers by default, within a bound of memory; an address of Spark does for files that one machine cannot
hold. The expression is the same, and so are the results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError, ToolError
from diagnostic.formatting import typographic

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

DUCKDB: Final = "duckdb"
MEMORY: Final = "256MiB"
SEPARATOR: Final = ";"
MARK: Final = b"PAR1"
KINDS: Final = (".parquet", ".csv", ".txt")
SCALE_REMEDY: Final = 'python -m pip install "diagnostic-territorial[scale]"'
SPARK_REMEDY: Final = typographic(
    "DuckDB suffit sur une machine (engine=duckdb) ; pour Spark, installez Java 17 puis python -m pip install "
    '"ibis-framework[pyspark]"'
)


def open_census(path: Path, *, engine: str = DUCKDB, memory: str = MEMORY) -> ir.Table:
    """Open the census file of individuals (INDCVI).

    Parameters
    ----------
    path
        ``*.parquet``, or ``*.csv`` and ``*.txt`` out of their archive, as the producer publishes them.
    engine
        ``duckdb``, or the address of a Spark master (``local[2]``, ``spark://machine:7077``), which must see the
        same path.
    memory
        What DuckDB may hold; it uses the disk beyond.

    Returns
    -------
    ibis.expr.types.Table
        Columns of a csv are text.

    Raises
    ------
    InputError
        When the file is absent, is of another kind, or was cut.
    ToolError
        When ibis, Spark or Java is absent; says how to install it.
    """
    _check(path)
    table = _read(_duckdb(memory) if engine == DUCKDB else _spark(engine), path, spark=engine != DUCKDB)
    if len(table.columns) == 1:
        expected = typographic(f"des colonnes séparées par « {SEPARATOR} »")
        remedy = "reprenez le fichier de l’Insee sans l’enregistrer dans un tableur"
        raise InputError(Fault("une seule colonne lue", file=path.name, expected=expected, remedy=remedy))
    return table


def _check(path: Path) -> None:
    kind = path.suffix.lower()
    if not path.is_file():
        fault = Fault("fichier du recensement introuvable", file=path.name, remedy="vérifiez son chemin")
    elif kind not in KINDS:
        what, expected = "ce n’est pas un fichier du recensement que l’on sait ouvrir", ", ".join(KINDS)
        remedy = "décompressez l’archive et donnez le fichier INDCVI qu’elle contient"
        fault = Fault(what, file=path.name, expected=expected, found=kind or "aucune extension", remedy=remedy)
    elif kind == ".parquet" and not _whole(path):
        remedy = "téléchargez-le de nouveau et attendez la fin du téléchargement"
        fault = Fault("fichier parquet illisible", file=path.name, expected="un fichier complet", remedy=remedy)
    else:
        return
    raise InputError(fault)


def _whole(path: Path) -> bool:
    """Say whether both marks of a parquet file are there: a transfer that stopped leaves the first only."""
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(len(MARK))
        file.seek(max(0, size - len(MARK)))
        return size > 2 * len(MARK) and first == MARK == file.read()


def _duckdb(memory: str) -> BaseBackend:
    try:
        import ibis  # noqa: PLC0415 - optional: the extra « scale »
    except ModuleNotFoundError:
        raise ToolError(
            Fault("il manque ibis et DuckDB pour compter le recensement", remedy=SCALE_REMEDY)
        ) from None
    # The order of rows is nobody's: keeping it would hold the file in memory.
    backend: BaseBackend = ibis.duckdb.connect(memory_limit=memory, preserve_insertion_order=False)
    return backend


def _spark(master: str) -> BaseBackend:
    try:
        import ibis  # noqa: PLC0415 - idem
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - idem
        from pyspark.sql import SparkSession  # noqa: PLC0415 - idem
    except ModuleNotFoundError:
        raise ToolError(Fault("Spark n’est pas installé", found=f"moteur {master}", remedy=SPARK_REMEDY)) from None
    try:
        session = SparkSession.builder.master(master).appName("diagnostic").getOrCreate()
    except PySparkRuntimeError as problem:
        raise ToolError(Fault("Spark ne démarre pas", found=str(problem)[:200], remedy=SPARK_REMEDY)) from problem
    running = session.sparkContext.master
    if running != master:  # Spark gives back the session that is open, whatever is asked
        what, remedy = "une session Spark est déjà ouverte à une autre adresse", "fermez-la, ou donnez son adresse"
        raise ToolError(Fault(what, expected=master, found=running, remedy=remedy))
    backend: BaseBackend = ibis.pyspark.connect(session)
    return backend


def _read(engine: BaseBackend, path: Path, *, spark: bool) -> ir.Table:
    place = str(path)
    if path.suffix.lower() == ".parquet":
        return engine.read_parquet(place)
    if spark:
        return engine.read_csv(place, sep=SEPARATOR, header=True, inferSchema=False)
    return engine.read_csv(place, delim=SEPARATOR, header=True, all_varchar=True)
