# Words of Northern Sámi on pages: only those that are verified, as events/glossary.csv has them with their source. What is not
# here stays Norwegian and is marked as such.

page-municipality = suohkan
page-step-agreement = šiehtadus
page-invoice = rehket
page-county-authority = fylkkagielda
page-procurement = háhkan
page-remind = hobehanreive
page-decision = mearrádus
