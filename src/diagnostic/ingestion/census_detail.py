"""The census file of individuals, opened where it lies: nothing is read before a question is asked.

DuckDB answers by default, within a bound of memory; an address of Spark does for files that one machine cannot
hold. The expression is the same, and so are the results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError, ToolError

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

DUCKDB: Final = "duckdb"
MEMORY: Final = "256MiB"
SEPARATOR: Final = ";"
MARK: Final = b"PAR1"
KINDS: Final = (".parquet", ".csv", ".txt")


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
        When the file is absent, is of another kind, or cannot be read.
    ToolError
        When ibis, Spark or Java is absent; says how to install it.
    """
    _check(path)
    table = _read(_connect(engine, memory), path, spark=engine != DUCKDB)
    if len(table.columns) == 1:
        raise InputError(Fault("une seule colonne lue", file=path.name, expected=f"des colonnes séparées par « {SEPARATOR} »",
                               remedy="reprenez le fichier de l’Insee sans l’enregistrer dans un tableur"))  # fmt: skip
    return table


def _check(path: Path) -> None:
    name = path.name
    if not path.is_file():
        raise InputError(Fault("fichier du recensement introuvable", file=name, remedy="vérifiez son chemin"))
    kind = path.suffix.lower()
    if kind == ".parquet" and not _whole(path):
        raise InputError(Fault("fichier parquet illisible", file=name, expected="un fichier complet",
                               remedy="téléchargez-le de nouveau et attendez la fin du téléchargement"))  # fmt: skip
    if kind not in KINDS:
        raise InputError(Fault("ce n’est pas un fichier du recensement que l’on sait ouvrir", file=name,
                               expected=", ".join(KINDS), found=path.suffix or "aucune extension",
                               remedy="décompressez l’archive et donnez le fichier INDCVI qu’elle contient"))  # fmt: skip


def _whole(path: Path) -> bool:
    """Say whether both marks of a parquet file are there: a transfer that stopped leaves the first only."""
    with path.open("rb") as file:
        first = file.read(len(MARK))
        file.seek(max(0, path.stat().st_size - len(MARK)))
        return first == MARK == file.read()


def _connect(engine: str, memory: str) -> BaseBackend:
    try:
        import ibis  # noqa: PLC0415 - optional: the extra « scale »
    except ModuleNotFoundError:
        raise ToolError(Fault("il manque de quoi compter le recensement (ibis et DuckDB)",
                              remedy='python -m pip install "diagnostic-territorial[scale]"')) from None  # fmt: skip
    if engine == DUCKDB:
        # The order of rows is nobody's: keeping it would hold the file in memory.
        found: BaseBackend = ibis.duckdb.connect(memory_limit=memory, preserve_insertion_order=False)
        return found
    return _spark(engine)


def _spark(master: str) -> BaseBackend:
    remedy = (
        "DuckDB suffit sur une machine (engine=\"duckdb\")\u00a0; pour Spark, installez Java 17 puis "
        'python -m pip install "ibis-framework[pyspark]"'
    )
    try:
        import ibis  # noqa: PLC0415 - idem
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - idem
        from pyspark.sql import SparkSession  # noqa: PLC0415 - idem
    except ModuleNotFoundError:
        raise ToolError(Fault("Spark n’est pas installé", found=f"moteur demandé\u00a0: {master}", remedy=remedy)) from None
    try:
        session = SparkSession.builder.master(master).appName("diagnostic").getOrCreate()
    except PySparkRuntimeError as problem:
        raise ToolError(Fault("Spark ne démarre pas", found=str(problem)[:200], remedy=remedy)) from problem
    found: BaseBackend = ibis.pyspark.connect(session)
    return found


def _read(engine: BaseBackend, path: Path, *, spark: bool) -> ir.Table:
    place = str(path)
    if path.suffix.lower() == ".parquet":
        return engine.read_parquet(place)
    if spark:
        return engine.read_csv(place, sep=SEPARATOR, header=True, inferSchema=False)
    return engine.read_csv(place, delim=SEPARATOR, header=True, all_varchar=True)
