"""PolyLM's transformers for PySpark.

The JVM does the work. The jar polylm-spark holds this package too, under the name of the Java package, by which PySpark finds the
classes when it reads a pipeline::

    spark-submit --jars polylm-spark.jar,... --py-files polylm-spark.jar job.py

    from dev.polylm.spark import PolyLmGenerator

    german = PolyLmGenerator(
        modelPath="/models/polylm-13b-onnx",
        promptTemplate="{text}\\nTranslate this sentence from English to German.",
        generationConfig='{"max_new_tokens": 100}',
        outputCol="german",
    ).transform(sentences)

The arguments are the parameters of the Java classes of the same names. Each has a setter too: ``setModelPath``.
"""

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

__all__ = ["PolyLmEmbedder", "PolyLmGenerator", "PolyLmScorer"]

_SHARED = {
    "inputCol": "column of texts",
    "outputCol": "column for what the model gives",
    "promptTemplate": "text for the model with names of columns in braces: {text}",
    "modelPath": "folder of an exported model that every executor sees; without it, the model on the class path",
    "rows": "largest number of rows in a decoding step",
    "errorMode": "what becomes of a row that fails: column, fail or drop",
    "errorCol": "column for the error of a row that failed",
}


def _setter(name):
    def set_value(self, value):
        return self._set(**{name: value})

    set_value.__name__ = "set" + name[0].upper() + name[1:]
    set_value.__doc__ = "Sets %s." % name
    return set_value


def _with_params(docs):
    """Gives a class a Param and a setter for each name of docs."""

    def decorate(cls):
        for name, doc in {**_SHARED, **docs}.items():
            converter = TypeConverters.toInt if name == "rows" else TypeConverters.toString
            setattr(cls, name, Param(Params._dummy(), name, doc, typeConverter=converter))
            setter = _setter(name)
            setattr(cls, setter.__name__, setter)
        return cls

    return decorate


class _PolyLmTransformer(JavaTransformer, JavaMLReadable, JavaMLWritable):
    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(__name__ + "." + type(self).__name__, self.uid)
        self._transfer_params_from_java()
        self._set(**params)

    def counts(self):
        """Returns what was done so far, by name; see the Java class Tally."""
        tally = self._java_obj.tally()
        names = ("rows", "failedRows", "promptTokens", "cachedTokens", "newTokens", "secondsWaiting")
        return {name: getattr(tally, name)() for name in names}


@_with_params(
    {
        "generationConfig": "settings in the JSON of generation_config.json",
        "keyCol": "column whose values give the seeds; without it, the texts do",
        "idsCol": "column for the ids of the answers",
        "finishReasonCol": "column for why the answers ended",
    }
)
class PolyLmGenerator(_PolyLmTransformer):
    """Lets a model answer the text of each row."""


@_with_params({"tokensCol": "column for the number of tokens of the texts"})
class PolyLmScorer(_PolyLmTransformer):
    """Gives the log-likelihood of each row's text after another text, the prompt template's."""


@_with_params({})
class PolyLmEmbedder(_PolyLmTransformer):
    """Gives a vector of length 1 for each row's text."""
