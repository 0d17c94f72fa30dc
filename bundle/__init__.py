"""`make bundle`: one archive from which ocpprov is installed where there is no internet. Not part of the package."""
